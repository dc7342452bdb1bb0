/*
 * The boot protocol (modules/PROTOCOL.md, "The lock") for spin: CLIENTS replicas start at once on an empty database
 * with MIGRATIONS scripts. Lines are cut and replicas killed at any step; what a session had begun by then, it may
 * still commit. README.md says what is proved, and run.sh proves it.
 *
 * -DPOOLED: behind a pooler in transaction mode, where the lock is one of each transaction.
 * Each of the others takes one part of the protocol away, and has to fail:
 * -DNO_LOCK -DNO_GUARD -DNO_ROW -DEARLY_GATE -DLEASE.
 */
#ifndef CLIENTS
#define CLIENTS 3
#endif
#ifndef MIGRATIONS
#define MIGRATIONS 2
#endif
#ifndef FAULTS
#define FAULTS 1                 /* lines cut and replicas killed, in all */
#endif
#define SLOTS (CLIENTS + FAULTS) /* sessions at a time: a line that is cut leaves one behind */
#define NOBODY 255
#define CURRENT (MIGRATIONS + 1)

mtype = { look, take, apply, verify, bye, yes, no, lost };

/* the database: what is committed */
byte effects[MIGRATIONS]; /* how often each script's effect is there */
byte rows;                /* of the history: 0001 to this one */
bool verified;

/* the server */
byte lock = NOBODY;       /* the session that holds K */
byte writing;             /* transactions that write at this moment */
bool serving[SLOTS];      /* a session is there for this line */
bool held[SLOTS];         /* and a client, until it knows that the line is cut */
bool cut[SLOTS];          /* neither end hears of the other */
chan asked[SLOTS] = [0] of { mtype, byte };
chan answered[SLOTS] = [0] of { mtype, byte };

bool killed[CLIENTS];
byte faults;

#define history_seen (rows + verified)

inline answer(what)
{
    if :: answered[me]!what, history_seen :: cut[me] fi
}

inline let_go() { if :: lock == me -> lock = NOBODY :: else fi }

/* K in this transaction: on a direct connection the session has it already. */
inline begin()
{
#if defined(POOLED) && !defined(NO_LOCK)
    if :: lock == NOBODY -> lock = me; good = true :: else -> good = false fi
#else
    good = true
#endif
}

inline end()
{
#ifdef POOLED
    let_go()
#else
    skip
#endif
}

/* Guard, script, row and COMMIT of script m. */
inline migrate()
{
    atomic {
        writing++;
        assert(writing == 1); /* one writer */
#ifndef NO_GUARD
        good = (rows == m)
#endif
    };
#ifdef NO_ROW
    if :: good -> effects[m]++ :: else fi;
#endif
    atomic {
        if
        :: good && cut[me] -> good = false /* the server noticed: rolled back */
        :: good -> /* nobody knows when it notices: committed */
#ifdef NO_ROW
            rows = m + 1;
#else
            assert(rows == m); /* the row's primary key */
            effects[m]++;
            rows++;
#endif
            assert(effects[m] == 1) /* exactly once */
        :: !good
        fi;
        writing--;
        end()
    }
}

/* A session: until the client leaves, or the server notices that it is gone. */
active [SLOTS] proctype session()
{
    byte me = _pid, m;
    bool good;
end_idle:
    serving[me];
    do
    :: cut[me] -> break
    :: asked[me]?bye, _ -> break
    :: asked[me]?look, _ -> answer(yes)
    :: atomic {
        asked[me]?take, _ ->
#ifdef NO_LOCK
        good = true
#else
        if :: lock == NOBODY -> lock = me; good = true :: else -> good = false fi
#endif
       };
       if :: good -> answer(yes) :: !good -> answer(no) fi
    :: atomic { asked[me]?apply, m -> begin() };
       if :: good -> migrate() :: else fi;
       if :: good -> answer(yes) :: !good -> answer(no) fi
    :: atomic {
        asked[me]?verify, _ -> begin();
        good = good && rows == MIGRATIONS;
        if :: good -> verified = true :: else fi;
        end()
       };
       if :: good -> answer(yes) :: !good -> answer(no) fi
    od;
    atomic { let_go(); serving[me] = false; m = 0; good = false; goto end_idle }
}

inline drop() { if :: line < SLOTS -> held[line] = false; line = SLOTS :: else fi }

inline connect()
{
    atomic {
        drop();
        line = 0;
        do :: serving[line] || held[line] -> line++ :: else -> break od;
        serving[line] = true;
        held[line] = true;
        cut[line] = false
    }
}

#define i_am_killed killed[_pid - SLOTS]

/* One message and its answer; `lost` if the line is cut before that comes. */
inline ask(what, which)
{
    if
    :: asked[line]!what, which ->
        if :: answered[line]?said, seen :: cut[line] -> said = lost :: i_am_killed -> goto dead fi
    :: cut[line] -> said = lost
    :: i_am_killed -> goto dead
    fi
}

inline leave()
{
    if :: asked[line]!bye, 0 -> !serving[line] :: cut[line] :: i_am_killed -> goto dead fi;
    atomic { drop(); said = 0 }
}

active [CLIENTS] proctype client()
{
    byte line = SLOTS, seen;
    mtype said;
start:
    atomic { said = 0; seen = 0; connect() };
    ask(look, 0);
    if :: said == lost -> goto start :: seen == CURRENT -> goto open :: else fi;
#ifndef POOLED
    ask(take, 0);
    if
    :: said == lost -> goto start
    :: said == no ->
        leave();
        if :: lock == NOBODY -> goto start /* polls */ :: i_am_killed -> goto dead fi
    :: said == yes
    fi;
#endif
    ask(look, 0); /* the plan is made under the lock */
    if :: said == lost -> goto start :: else fi;
#ifdef LEASE
    /* A lock that ends when its holder seems gone, and not with the session that works for it. */
    if :: lock = NOBODY :: skip fi;
#endif
    do
    :: seen < MIGRATIONS ->
        ask(apply, seen);
        if
        :: said == lost -> goto start
        :: said == no -> leave(); goto start
        :: said == yes
        fi
    :: else -> break
    od;
#ifdef EARLY_GATE
    goto open;
#endif
    ask(verify, 0);
    if
    :: said == lost -> goto start
    :: said == no -> leave(); goto start
    :: said == yes
    fi;
open:
    assert(rows == MIGRATIONS && verified); /* no traffic before the schema is current and verified */
    leave()
dead:
    atomic { if :: line < SLOTS -> cut[line] = true; drop() :: else fi; seen = 0; said = 0 }
}

active proctype fault()
{
    byte which;
    do
    :: atomic {
        faults < FAULTS -> faults++;
        select(which : 0 .. CLIENTS + SLOTS - 1);
        if
        :: which < CLIENTS -> killed[which] = true
        :: which >= CLIENTS && held[which - CLIENTS] -> cut[which - CLIENTS] = true
        :: else
        fi;
        which = 0
       }
    :: break
    od
}
