#include "prompt_store.hpp"

#include <soci/soci.h>
#include <utility>

namespace app {
namespace {

// Times travel as microseconds since 1970: independent of the session's time zone, and the same expression
// serves timestamptz and the plain timestamps of a database that the earlier tool made.
std::string columns(bool with_text)
{
    return std::string{"cast(id as text), name, version, category, description, "
                       "case when is_active then 1 else 0 end, ab_test_group, "} +
           (with_text ? "template_text, coalesce(cast(variables as text), '[]'), " : "'', '[]', ") +
           "created_by, cast(extract(epoch from created_at) * 1000000 as bigint), "
           "cast(extract(epoch from updated_at) * 1000000 as bigint)";
}

// The schema's name is the operator's, not a client's, yet it is quoted like any identifier.
std::string quote_identifier(std::string const& identifier)
{
    std::string out = "\"";
    for (char const c : identifier) {
        out.append(c == '"' ? 2 : 1, c);
    }
    return out + '"';
}

// One column of a result that is fetched in one go.
template <typename T>
struct column
{
    explicit column(std::size_t rows) : values(rows), present(rows) {}

    [[nodiscard]] std::optional<T> optional(std::size_t row) const
    {
        return present[row] == soci::i_ok ? std::optional<T>{values[row]} : std::nullopt;
    }

    std::vector<T> values;
    std::vector<soci::indicator> present;
};

template <typename T>
auto into(column<T>& c)
{
    return soci::into(c.values, c.present);
}

struct rows
{
    explicit rows(std::size_t most)
        : id{most}, name{most}, version{most}, category{most}, description{most}, is_active{most},
          group{most}, text{most}, variables{most}, created_by{most}, created_at{most}, updated_at{most}
    {}

    // A one-time statement goes as PQexecParams, which also works behind a pooler that does not keep prepared
    // statements. Values are always bound.
    void fetch(soci::details::once_temp_type once)
    {
        once, into(id), into(name), into(version), into(category), into(description), into(is_active),
            into(group), into(text), into(variables), into(created_by), into(created_at), into(updated_at);
    }

    [[nodiscard]] std::vector<prompt> prompts(bool got_data) const
    {
        std::vector<prompt> out;
        if (!got_data) {
            return out; // SOCI leaves the vectors as long as they were
        }
        for (std::size_t row = 0; row < id.values.size(); ++row) {
            prompt p;
            p.id = id.values[row];
            p.name = name.values[row];
            p.version = version.values[row];
            p.category = category.optional(row);
            p.description = description.optional(row);
            p.is_active = is_active.values[row] != 0;
            p.ab_test_group = group.optional(row);
            p.template_text = text.values[row];
            p.variables = variables.values[row];
            p.created_by = created_by.optional(row);
            p.created_at = created_at.optional(row);
            p.updated_at = updated_at.optional(row);
            out.push_back(std::move(p));
        }
        return out;
    }

    column<std::string> id, name;
    column<int> version;
    column<std::string> category, description;
    column<int> is_active;
    column<std::string> group, text, variables, created_by;
    column<long long> created_at, updated_at;
};

} // namespace

prompt_store::prompt_store(schemagate::settings with, std::size_t connections)
    : connections_{connections}, table_{quote_identifier(with.target_schema) + ".prompt_templates"},
      pool_{std::move(with), connections}
{}

// "distinct on" and the orders below: a database that the earlier tool made may hold several active versions
// of a prompt, or one version twice, and one answer has to win every time.
prompt_page prompt_store::list(prompt_filter const& filter)
{
    auto const sql = "select distinct on (name) " + columns(false) + " from " + table_ +
                     " where is_active and ab_test_group is null and name > :after" +
                     (filter.category ? " and category = :category" : "") +
                     " order by name, version desc, created_at desc limit :most";
    int const most = filter.limit + 1; // one more than asked for tells whether there is another page
    prompt_page page;
    pool_.read([&](soci::session& session) {
        rows found{static_cast<std::size_t>(most)};
        if (filter.category) {
            found.fetch((session << sql, soci::use(filter.after, "after"),
                         soci::use(*filter.category, "category"), soci::use(most, "most")));
        }
        else {
            found.fetch((session << sql, soci::use(filter.after, "after"), soci::use(most, "most")));
        }
        page.prompts = found.prompts(session.got_data());
    });
    if (page.prompts.size() == static_cast<std::size_t>(most)) {
        page.prompts.pop_back();
        page.next_cursor = page.prompts.back().name;
    }
    return page;
}

std::optional<prompt> prompt_store::find(std::string const& name, std::optional<int> version)
{
    auto const sql = "select " + columns(true) + " from " + table_ + " where name = :name and " +
                     (version ? "version = :version" : "is_active and ab_test_group is null") +
                     " order by version desc, ab_test_group nulls first, created_at desc limit 1";
    std::vector<prompt> found;
    pool_.read([&](soci::session& session) {
        rows result{1};
        if (version) {
            result.fetch((session << sql, soci::use(name, "name"), soci::use(*version, "version")));
        }
        else {
            result.fetch((session << sql, soci::use(name, "name")));
        }
        found = result.prompts(session.got_data());
    });
    return found.empty() ? std::nullopt : std::optional<prompt>{std::move(found.front())};
}

bool prompt_store::is_standby()
{
    int standby = 0;
    pool_.read([&](soci::session& session) {
        session << "select cast(pg_is_in_recovery() as integer)", soci::into(standby);
    });
    return standby != 0;
}

} // namespace app
