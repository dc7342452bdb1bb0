// What an empty history may mean: a new database, or one that an earlier tool made (the directive `adopts`).
//
// The earlier tool's ledger says which of our migrations its database already holds; those are recorded as
// adopted and never run. That is only true of a database as that tool left it. If objects of a later
// migration are there as well, our own history was lost, and nothing may be run over them.
#include <algorithm>

#include "leader.hpp"
#include "schemagate/catalog_name.hpp"
#include "schemagate/created_relations.hpp"
#include "schemagate/digest_after.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/object_table.hpp"
#include "schemagate/postgres/reading_transaction.hpp"
#include "schemagate/postgres/step_runner.hpp"

namespace schemagate {

void refuse_renamed_catalog(boot_context const& boot, postgres::connection& on)
{
    postgres::reading_transaction const limits{on};
    auto elsewhere = boot.table.scripts_elsewhere(on);
    for (auto& each : elsewhere) { // one that was changed behind what is done is the same script
        auto const& all = boot.shipped.migrations();
        auto const mine = std::find_if(all.begin(), all.end(), [&each](migration const& m) {
            return !each.steps_digest.empty() && m.recorded_version() == each.version &&
                   postgres::has_begun(m.text, static_cast<std::size_t>(each.steps), each.steps_digest);
        });
        if (mine != all.end()) {
            each.checksum = mine->checksum;
        }
    }
    auto const found = applied_under_another_name(boot.shipped, boot.table.target_schema(), elsewhere);
    if (found) {
        throw *found;
    }
}

std::string other_catalogs_warning(std::string const& mine, std::string const& others)
{
    return "nothing is recorded for catalog \"" + mine + "\", but there is for: " + others +
           ". A wrong --catalog, or a renamed target?";
}

// One order for each migration that the ledger stands for: the first ones of the catalog, without a gap.
std::vector<postgres::transaction_order> leader::adoptions()
{
    auto& native = session_.native();
    std::vector<postgres::transaction_order> orders;
    std::vector<migration const*> adopted;
    auto const& all = boot_.shipped.migrations();
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& m = all[i];
        if (!m.directives.adopts || !postgres::holds_adoptable_row(native, *m.directives.adopts)) {
            continue;
        }
        auto const& ledger = *m.directives.adopts;
        if (orders.size() != i) {
            throw failure{errc::adoption_refused,
                          ledger.table + " holds " + ledger.column + "=" + ledger.value + ", so " + m.name +
                              " is there already, but nothing says so of " + all[orders.size()].name +
                              ", which comes before it.",
                          "Give that script an adopts directive of its own, or complete the earlier tool's "
                          "run."}
                .with_script(m.name);
        }
        postgres::transaction_order order;
        adopted.push_back(&m);
        order.entry = entry_for(m, "adopted", digest_after(boot_.shipped, recorded_, adopted), 0);
        order.record_sql =
            postgres::record_relations_sql(native, boot_.table, lexer::created_relations(m.text));
        order.application_name = boot_.application_name("adopting");
        orders.push_back(std::move(order));
    }
    if (!orders.empty()) {
        refuse_later_objects(orders.size());
    }
    return orders;
}

void leader::refuse_later_objects(std::size_t adopted)
{
    auto const& all = boot_.shipped.migrations();
    std::vector<lexer::relation_name> earlier;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto made = lexer::created_relations(all[i].text);
        if (i < adopted ||
            all[i].directives.only_if_adopted) { // what mends an adopted database may make it anew
            earlier.insert(earlier.end(), made.begin(), made.end());
            continue;
        }
        std::erase_if(made, [&](auto const& name) {
            return std::find(earlier.begin(), earlier.end(), name) != earlier.end();
        });
        auto const there = postgres::existing_relations(session_.native(), boot_.table, made);
        if (!there.empty()) {
            throw failure{errc::adoption_refused,
                          "the history is empty and an earlier tool's ledger says that this database holds " +
                              all[adopted - 1].name + ", but " + there.front() + ", which " + all[i].name +
                              " makes, is there too: a history was lost, or another program made it.",
                          "Restore the schema \"" + boot_.with.history_schema +
                              "\" from a backup; it records what was applied here. Nothing was changed."}
                .with_script(all[i].name);
        }
    }
}

} // namespace schemagate
