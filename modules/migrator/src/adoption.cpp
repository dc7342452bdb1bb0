#include "adoption.hpp"

#include <algorithm>

#include "schemagate/created_relations.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/object_table.hpp"

namespace schemagate {
namespace {

// The earlier tool's migration table says which of our migrations its database already holds; those are
// recorded as adopted and never run. That is only true of a database as that tool left it. If objects of a
// later migration are there as well, our own history was lost, and nothing may be run over them.
void refuse_later_objects(boot_context const& boot, postgres::connection& on, std::size_t adopted)
{
    auto const& all = boot.shipped.migrations();
    std::vector<lexer::relation_name> earlier;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto made = lexer::created_relations(all[i].text);
        if (i < adopted ||
            all[i].directives.only_if_adopted) { // what fixes an adopted database may recreate it
            earlier.insert(earlier.end(), made.begin(), made.end());
            continue;
        }
        std::erase_if(made, [&](auto const& name) {
            return std::find(earlier.begin(), earlier.end(), name) != earlier.end();
        });
        auto const there = postgres::existing_relations(on, boot.table, made);
        if (!there.empty()) {
            throw failure{
                errc::adoption_refused,
                "the history is empty and an earlier tool's migration table says that this database holds " +
                    all[adopted - 1].name + ", but " + there.front() + ", which " + all[i].name +
                    " makes, is there too: a history was lost, or another program made it.",
                "Restore the schema \"" + boot.with.history_schema +
                    "\" from a backup; it records what was applied here. Nothing was changed."}
                .with_script(all[i].name);
        }
    }
}

} // namespace

// One order for each migration that the table stands for: the first ones of the catalog, without a gap.
std::vector<postgres::transaction_order> adoptions(boot_context const& boot, history_writer& writer)
{
    auto& native = writer.session().native();
    std::vector<postgres::transaction_order> orders;
    std::vector<migration const*> adopted;
    auto const& all = boot.shipped.migrations();
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
        order.entry = writer.entry_for(adopted, "adopted", 0);
        order.record_sql =
            postgres::record_relations_sql(native, boot.table, lexer::created_relations(m.text));
        order.application_name = boot.application_name("adopting");
        orders.push_back(std::move(order));
    }
    if (!orders.empty()) {
        refuse_later_objects(boot, native, orders.size());
    }
    return orders;
}

} // namespace schemagate
