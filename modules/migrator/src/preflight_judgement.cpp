#include "preflight_judgement.hpp"

#include <algorithm>

#include "hidden_rows.hpp"

namespace schemagate {
namespace {

using postgres::preflight_facts;

// PostgreSQL documentation, appendix E: identity columns came with 10. What the tests run on begins with 13.
constexpr int oldest_possible = 100000;
constexpr int oldest_tested = 130000;

std::string quoted(std::string const& identifier)
{
    std::string text{'"'};
    for (char const c : identifier) {
        text += c;
        if (c == '"') {
            text += c;
        }
    }
    return text + '"';
}

std::string version_text(int number)
{
    return number >= 100000 ? std::to_string(number / 10000)
                            : std::to_string(number / 10000) + '.' + std::to_string(number / 100 % 100);
}

std::optional<failure> server_refusal(preflight_facts const& facts)
{
    if (facts.server_version < oldest_possible) {
        return failure{errc::server_too_old,
                       "the server is PostgreSQL " + version_text(facts.server_version) +
                           ", and the history needs identity columns, which came with PostgreSQL 10.",
                       "Upgrade the server (PostgreSQL 13 is the oldest that is tested), or name another in "
                       "DATABASE_URL."};
    }
    if (facts.in_recovery || facts.read_only) { // it was not when this boot looked, before it led
        return failure{
            errc::standby_waiting,
            std::string{"the server cannot be written any more: "} +
                (facts.in_recovery ? "it is in recovery." : "default_transaction_read_only is on."),
            "Start again: the next boot waits until it can be written."};
    }
    return std::nullopt;
}

void warn_of_server(preflight_facts const& facts, std::vector<std::string>& warnings)
{
    if (facts.server_version < oldest_tested) {
        warnings.push_back("the server is PostgreSQL " + version_text(facts.server_version) +
                           ", older than any that Schemagate is tested with (13 and later)");
    }
    if (facts.encoding == "SQL_ASCII") {
        warnings.emplace_back(
            "the database's encoding is SQL_ASCII: the server stores the scripts' UTF-8 as "
            "bytes and cannot tell characters apart, so that lengths, upper case and sorting "
            "are wrong beyond ASCII");
    }
    else if (facts.encoding != "UTF8") {
        warnings.push_back("the database's encoding is " + facts.encoding +
                           ", not UTF8: a script with a character that it lacks fails (SQLSTATE 22P05)");
    }
}

// It decides what a script means, so it is more than a limit that migrations do not suffer from.
void warn_of_plain_backslashes(preflight_facts const& facts, std::vector<std::string>& warnings)
{
    for (auto const& each : facts.inherited) {
        if (each.name == "standard_conforming_strings" && each.value == "off") {
            warnings.push_back("standard_conforming_strings is off" +
                               (each.origin.empty() ? "" : " (set for " + each.origin + ')') +
                               ", and on for migrations: a backslash in '…' is a character of the value. A "
                               "script that means an escape writes E'…', or begins with SET "
                               "standard_conforming_strings = off");
        }
    }
}

std::string overridden(preflight_facts const& facts)
{
    std::string text;
    for (auto const& each : facts.inherited) {
        text += (text.empty() ? "" : ", ") + each.name + '=' + each.value +
                (each.origin.empty() ? "" : " (set for " + each.origin + ')');
    }
    return text;
}

// Two targets may share a catalog's name, and so may two folders that nobody named: only a history that holds
// a script of ours says that it is ours.
std::optional<failure> judge_histories(preflight_facts const& facts, preflight_intent const& intent,
                                       std::vector<std::string>& warnings)
{
    std::vector<std::string> ours;
    for (auto const& other : facts.other_histories) {
        auto const there = "schema \"" + other.schema + '"';
        if (!other.rows) {
            warnings.push_back(
                there + " holds a history that the role \"" + facts.role +
                "\" cannot read. If it is this catalog's, set SCHEMAGATE_HISTORY_SCHEMA=" + other.schema);
        }
        else if (other.known_rows > 0) {
            ours.push_back(other.schema);
        }
        else if (*other.rows > 0) {
            warnings.push_back(there + " holds a history of catalog \"" + intent.catalog +
                               "\" too, with none of these scripts. A wrong --catalog, or a wrong "
                               "SCHEMAGATE_HISTORY_SCHEMA?");
        }
    }
    if (ours.empty()) {
        return std::nullopt;
    }
    std::string list;
    for (auto const& schema : ours) {
        list += (list.empty() ? "\"" : ", \"") + schema + '"';
    }
    return failure{errc::setting_invalid,
                   "schema \"" + intent.history_schema + "\" holds no history of catalog \"" +
                       intent.catalog + "\", but " + list + (ours.size() == 1 ? " does" : " do") +
                       ", with scripts of this very binary: they would run a second time.",
                   "Set SCHEMAGATE_HISTORY_SCHEMA=" + ours.front() +
                       ". If that history is a leftover, drop or rename its table \"history\" first."};
}

bool same_relation(lexer::relation_name const& made, lexer::relation_name const& there,
                   std::string const& target_schema)
{
    return made.name == there.name && (made.schema.empty() ? target_schema : made.schema) == there.schema;
}

std::string first_collision(preflight_facts const& facts, preflight_intent const& intent)
{
    for (auto const& made : intent.creations) {
        for (auto const& there : facts.present) {
            if (made.must_be_new && same_relation(made.relation, there, intent.target_schema)) {
                return there.schema + '.' + there.name;
            }
        }
    }
    return "";
}

std::optional<failure> judge_ledgers(preflight_facts const& facts, preflight_intent const& intent,
                                     std::vector<std::string>& warnings)
{
    if (facts.foreign_ledgers.empty()) {
        return std::nullopt;
    }
    std::string list;
    for (auto const& each : facts.foreign_ledgers) {
        list += (list.empty() ? "" : ", ") + each.schema + '.' + each.table + " (" + each.tool + ')';
    }
    auto const collides = first_collision(facts, intent);
    if (collides.empty()) {
        warnings.push_back("nothing of catalog \"" + intent.catalog +
                           "\" is recorded here, but another tool has migrated this database: " + list +
                           ". What it made is not adopted");
        return std::nullopt;
    }
    return failure{errc::adoption_refused,
                   intent.first_script + " makes " + collides +
                       ", which is there already, and another tool has migrated this database: " + list +
                       ". Nothing was changed.",
                   "If that tool applied what " + intent.first_script +
                       " does, say so: put \"-- schemagate: adopts <schema.table> <column>=<value>\", "
                       "naming the row of its ledger, at the head of the script. Else give this catalog a "
                       "database of its own."}
        .with_script(intent.first_script);
}

// Every right that is missing for certain, in one message: whoever is told half of it would be refused again.
std::optional<failure> judge_rights(preflight_facts const& facts, preflight_intent const& intent)
{
    std::string lacks;
    std::string grants;
    std::string other_way;
    auto const add = [&](std::string const& what, std::string const& grant) {
        lacks += (lacks.empty() ? "" : " and ") + what;
        grants += (grants.empty() ? "" : " ") + grant + " TO " + quoted(facts.role) + ';';
    };
    if (!facts.history_schema_there && !facts.may_create_schema) {
        add("create the schema \"" + intent.history_schema + "\" for the history",
            "GRANT CREATE ON DATABASE " + quoted(facts.database));
        other_way = "Name a schema that is there, and that this role may create in, in "
                    "SCHEMAGATE_HISTORY_SCHEMA, or run";
    }
    else if (facts.history_schema_there && !facts.history_table_there &&
             !facts.may_create_in_history_schema) {
        add("create the history in the schema \"" + intent.history_schema + '"',
            "GRANT USAGE, CREATE ON SCHEMA " + quoted(intent.history_schema));
    }
    auto const in_target =
        std::find_if(intent.creations.begin(), intent.creations.end(), [&](lexer::creation const& made) {
            auto const unqualified = made.relation.schema.empty();
            return facts.target_schema_there &&
                   (unqualified || made.relation.schema == intent.target_schema) &&
                   (!facts.may_create_in_target_schema || (unqualified && !facts.may_use_target_schema));
        });
    if (in_target != intent.creations.end()) {
        add("create " + in_target->relation.name + " of " + intent.first_script + " in the schema \"" +
                intent.target_schema + '"',
            "GRANT USAGE, CREATE ON SCHEMA " + quoted(intent.target_schema));
    }
    if (lacks.empty()) {
        return std::nullopt;
    }
    return failure{errc::permission_denied,
                   "the role \"" + facts.role + "\" may not " + lacks + ". Nothing was changed.",
                   (other_way.empty() ? "Run" : other_way) + " as the owner or an administrator: " + grants}
        .with_script(in_target == intent.creations.end() ? "" : intent.first_script);
}

} // namespace

preflight_judgement judge_preflight(preflight_facts const& facts, preflight_intent const& intent)
{
    preflight_judgement judged;
    judged.refusal = server_refusal(facts);
    if (judged.refusal) {
        return judged;
    }
    if (intent.history_empty && facts.history_hides_rows) {
        judged.refusal = rows_hidden(intent.history_schema, "history", facts.role);
        return judged;
    }
    warn_of_server(facts, judged.warnings);
    warn_of_plain_backslashes(facts, judged.warnings);
    judged.overridden = overridden(facts);
    if (intent.history_empty) {
        judged.refusal = judge_histories(facts, intent, judged.warnings);
    }
    if (!judged.refusal && intent.history_empty && !intent.adopting) {
        judged.refusal = judge_ledgers(facts, intent, judged.warnings);
    }
    if (!judged.refusal) {
        judged.refusal = judge_rights(facts, intent);
    }
    return judged;
}

} // namespace schemagate
