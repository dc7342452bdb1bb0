# The table of ./dev bench app, from lines of: round, case, server, rate, p50, p99, CPU, errors. Each ratio is the
# median of the rounds' ratios, with the lowest and the highest. A round with errors is void for its case. Ends with 1
# if an aim is missed, or a case has no round that holds. -v json=FILE keeps the rows there.

function sort_numbers(list, n,    i, j, x) {
    for (i = 2; i <= n; ++i) {
        x = list[i]
        for (j = i - 1; j >= 1 && list[j] > x; --j)
            list[j + 1] = list[j]
        list[j + 1] = x
    }
}

function median(list, n) {
    sort_numbers(list, n)
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

# Of a case's figure over the rounds that hold.
function middle(at, server, figure,    list, n, r) {
    for (r = 1; r <= rounds; ++r)
        if ((r, at, server) in seen && !((r, at) in void))
            list[++n] = value[r, at, server, figure]
    return n ? median(list, n) : 0
}

function verdict(kept, aim) {
    if (aim == "")
        return ""
    if (!kept)
        missed = 1
    return kept ? "  holds" : "  MISSED"
}

# ratio is "" where there is none; aim is for people and kept the judgement.
function row(label, ours, peer, ratio, low, high, aim, kept) {
    printf "%-34s %10s %10s %7s %13s %9s%s\n", label, ours, peer, ratio == "" ? "" : sprintf("%.2f", ratio),
           low == "" ? "" : sprintf("%.2f-%.2f", low, high), aim, verdict(kept, aim)
    rows = rows sprintf("%s\n    {\"name\": \"%s\", \"ours\": %s, \"peer\": %s, \"ratio\": %s, \"lowest\": %s, \"highest\": %s, \"aim\": \"%s\", \"kept\": %s}",
        rows == "" ? "" : ",", label, ours, peer == "" ? "null" : peer, ratio == "" ? "null" : ratio,
        low == "" ? "null" : low, high == "" ? "null" : high, aim, aim == "" ? "null" : kept ? "true" : "false")
}

# limit > 0: at least; < 0: less than -limit; 0: no aim.
function compare(label, at, peer, figure, limit, form,    list, n, r, x, kept, aim) {
    aim = !limit ? "" : limit > 0 ? ">= " limit : "< " (-limit)
    for (r = 1; r <= rounds; ++r)
        if ((r, at, "service") in seen && (r, at, peer) in seen && !((r, at) in void) && value[r, at, peer, figure] > 0)
            list[++n] = value[r, at, "service", figure] / value[r, at, peer, figure]
    if (!n) {
        printf "%-34s %s\n", label, peer in there ? "NO ROUND HOLDS" : "NOT RUN: no " peer
        if (peer in there)
            missed = 1
        return
    }
    x = median(list, n)
    kept = limit >= 0 ? x >= limit : x < -limit
    row(label, sprintf(form, middle(at, "service", figure)), sprintf(form, middle(at, peer, figure)), x, list[1], list[n],
        aim, kept)
}

{
    seen[$1, $2, $3] = there[$3] = 1
    for (i = 4; i <= 8; ++i)
        value[$1, $2, $3, i] = $i
    if ($2 == "visible")
        moves[++moved] = $4
    else if ($1 > rounds)
        rounds = $1
    if ($8 > 0) {
        void[$1, $2] = 1
        printf "round %d of %s is void: %d errors of %s\n", $1, $2, $8, $3
    }
}

END {
    getline load <"/proc/loadavg"
    printf "load %s; medians of %d rounds; only ratios mean anything; body of %d bytes\n", load, rounds, body
    printf "%-34s %10s %10s %7s %13s %9s\n", "", "service", "peer", "ratio", "spread", "aim"
    compare("fetch /s : fastify", "fetch", "fastify", 4, 1.5, "%.0f")
    compare("fetch p99 ms : fastify", "fetch", "fastify", 6, -1, "%.2f")
    compare("fetch p50 ms : fastify", "fetch", "fastify", 5, 0, "%.2f")
    compare("fetch us of CPU : fastify", "fetch", "fastify", 7, 0, "%.1f")
    compare("fetch /s : earlier shape", "fetch", "earlier", 4, 0, "%.0f")
    compare("fetch 304 /s : fastify", "not_modified", "fastify", 4, 0, "%.0f")
    compare("render, logged /s : fastify", "render", "fastify", 4, 2, "%.0f")
    compare("render p99 ms : fastify", "render", "fastify", 6, 0, "%.2f")
    compare("render us of CPU : fastify", "render", "fastify", 7, 0, "%.1f")
    compare("render, logged /s : earlier shape", "render", "earlier", 4, 0, "%.0f")
    compare("render p99 ms : earlier shape", "render", "earlier", 6, 0, "%.2f")
    compare("log intake rows/s : pgbench", "intake", "floor", 4, 0.6, "%.0f")
    mb = value[rounds, "resident", "service", 4]
    row("resident MB : fastify", mb, value[rounds, "resident", "fastify", 4], "", "", "", "< 40", mb < 40)
    row("resident MB : earlier shape", mb, value[rounds, "resident", "earlier", 4], "", "", "", "", 1)
    x = median(moves, moved)
    row("visible on a replica, median ms", sprintf("%.0f", x), "", "", "", "", "", 1)
    row("visible on a replica, longest ms", sprintf("%.0f", moves[moved]), "", "", "", "", "< 1000",
        moved == 20 && moves[moved] < 1000)
    if (json != "")
        printf "{\"context\": {\"load\": \"%s\", \"rounds\": %d, \"body_bytes\": %d},\n  \"benchmarks\": [%s\n  ]}\n",
               load, rounds, body, rows >json
    exit missed
}
