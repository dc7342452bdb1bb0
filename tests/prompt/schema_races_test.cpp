// What many clients at once can do to prompts: versions without a gap, one active version, a history without
// a hole, counters that are right, and no error but those that are documented.
#include <atomic>

#include "parallel_clients.hpp"

using prompts::client;
using prompts::fixture;
using prompts::in_parallel;

namespace {

constexpr int clients = 16;

struct contended : fixture
{
    contended()
    {
        for (std::string const name : {"p0", "p1", "p2", "p3"}) {
            for (int version = 1; version <= 4; ++version) {
                add_version(name, version, "text", version == 1);
            }
        }
    }
    /// Prompts with another number of production versions than one or none, and histories with a hole.
    void check_labels() const
    {
        CHECK(value("select count(*) from (select from prompt_templates where is_active and ab_test_group is "
                    "null group by "
                    "name having count(*) > 1) several") == "0");
        CHECK(value("select count(*) from (select from_version, lag(to_version) over (partition by "
                    "prompt_name, label order "
                    "by id) as before from prompt_label_moves) moves where from_version is distinct from "
                    "before") == "0");
        CHECK(value("select count(*) from prompt_label_moves where from_version is not distinct from "
                    "to_version") == "0");
        CHECK(value("select count(*) from (select distinct on (prompt_name, label) prompt_name, label, "
                    "to_version from "
                    "prompt_label_moves order by prompt_name, label, id desc) newest full join (select * "
                    "from v_prompt_labels "
                    "where label <> 'latest') l using (prompt_name, label) where l.version is distinct from "
                    "newest.to_version") == "0");
    }
};

std::string of(std::string const& name)
{
    return support::sql_literal(name);
}

/// As the service adds a version: numbered under the row lock.
void append_version(client& c, std::string const& name)
{
    c.ask("begin");
    c.ask("select from prompts where name = " + of(name) + " for update");
    c.ask("insert into prompt_templates (name, version, parent_version_id, template_text, created_by) select "
          "p.name, "
          "coalesce(t.version, 0) + 1, t.id, 'text', 'service' from prompts p left join lateral (select id, "
          "version from "
          "prompt_templates where name = p.name order by version desc limit 1) t on true where p.name = " +
          of(name));
    c.ask("commit");
}

void move_production(client& c, std::string const& name, int version)
{
    c.ask("begin");
    c.ask("select from prompts where name = " + of(name) + " for update");
    c.ask("update prompt_templates set is_active = true, ab_test_group = null, updated_by = 'service' where "
          "name = " +
          of(name) + " and version = " + std::to_string(version));
    c.ask("commit");
}

void move_label(client& c, std::string const& name, std::string const& label, int version)
{
    c.ask("begin");
    c.ask("select from prompts where name = " + of(name) + " for update");
    if (version == 0) {
        c.ask("delete from prompt_labels where prompt_name = " + of(name) + " and label = " + of(label));
    }
    else {
        c.ask(
            "insert into prompt_labels (prompt_name, label, version, moved_by) values (" + of(name) + ", " +
            of(label) + ", " + std::to_string(version) +
            ", 'service') on conflict (prompt_name, label) do update set version = "
            "excluded.version, moved_by = excluded.moved_by where prompt_labels.version <> excluded.version");
    }
    c.ask("commit");
}

/// As a client of the earlier system activates.
void activate(client& c, std::string const& name, int version)
{
    c.ask("update prompt_templates set is_active = true, updated_by = 'sql' where name = " + of(name) +
          " and version = " + std::to_string(version));
}

/// A batch over all prompts and versions, in an order of its own.
void log_batch(client& c)
{
    c.ask("insert into prompt_executions (template_id, template_name, template_version, user_id, "
          "input_variables, "
          "rendered_prompt, status, http_request_id) select id, name, version, " +
          std::to_string(c.number) +
          ", '{}', '', 'rendered', 'r' from (select * from prompt_templates, generate_series(1, 3) order by "
          "md5(id::text || " +
          std::to_string(c.below(1000)) + ")) t where name like 'p_'");
}

void report_outcomes(client& c)
{
    c.ask("update prompt_executions set status = case when random() < 0.5 then 'success' else 'failure' end, "
          "execution_time_ms = 5, outcome_at = now() where id in (select id from prompt_executions where "
          "status = "
          "'rendered' and user_id = '" +
          std::to_string(c.number) + "' limit 20)");
}

void edit(client& c, std::string const& name)
{
    c.ask("begin");
    c.ask("select from prompts where name = " + of(name) + " for update");
    c.ask("select lock_prompt_versions(" + of(name) + ")");
    c.ask("update prompt_templates set description = 'edited', updated_at = clock_timestamp() where name = " +
          of(name));
    c.ask("commit");
}

} // namespace

TEST_CASE_METHOD(contended, "versions that many clients add at once have no gap and no error", "[schema]")
{
    CHECK(in_parallel(*this, clients, [](client& c) {
              for (int round = 0; round < 25; ++round) {
                  append_version(c, round % 2 == 0 ? "p0" : "p1");
              }
          }) == "");
    CHECK(value("select string_agg(concat_ws(' ', name, count, max), ', ' order by name) from (select name, "
                "count(*), "
                "max(version) from prompt_templates where name in ('p0', 'p1') group by name) t") ==
          "p0 212 212, p1 196 196");
}

TEST_CASE_METHOD(contended, "of many who create one prompt, one does", "[schema]")
{
    std::atomic<int> created{0};
    CHECK(in_parallel(*this, clients, [&created](client& c) {
              for (int round = 0; round < 10; ++round) {
                  auto const name = of("new" + std::to_string(round));
                  c.ask("begin");
                  c.ask("insert into prompts (name) values (" + name + ") on conflict do nothing");
                  c.ask("select from prompts where name = " + name + " for update");
                  if (c.ask.value("select exists (select from prompt_templates where name = " + name + ")") ==
                      "f") {
                      c.ask(
                          "insert into prompt_templates (name, version, template_text, is_active) values (" +
                          name + ", 1, '', true)");
                      ++created;
                  }
                  c.ask("commit");
              }
          }) == "");
    CHECK(created == 10);
}

TEST_CASE_METHOD(contended,
                 "clients of the earlier system that add versions collide with a key, and with nothing else",
                 "[schema]")
{
    std::atomic<int> collisions{0};
    CHECK(
        in_parallel(*this, clients, [&collisions](client& c) {
            for (int round = 0; round < 20; ++round) {
                if (c.number % 2 == 0) {
                    append_version(c, "p0");
                    continue;
                }
                try {
                    c.ask(
                        "insert into prompt_templates (name, version, template_text, is_active) select name, "
                        "max(version) + 1, '', true from prompt_templates where name = 'p0' group by name");
                }
                catch (std::runtime_error const& e) {
                    if (std::string{e.what()}.rfind("23505", 0) != 0) {
                        throw;
                    }
                    ++collisions;
                }
            }
        }) == "");
    CHECK(value("select count(*) = max(version) from prompt_templates where name = 'p0'") == "t");
    CHECK(std::stoi(value("select count(*) from prompt_templates where name = 'p0'")) + collisions ==
          4 + 20 * clients);
    check_labels();
}

TEST_CASE_METHOD(contended,
                 "labels and activations from every side leave one production, and a history without a hole",
                 "[schema]")
{
    CHECK(in_parallel(*this, clients, [](client& c) {
              for (int round = 0; round < 40; ++round) {
                  auto const name = "p" + std::to_string(c.below(2));
                  switch (c.below(4)) {
                  case 0: move_production(c, name, 1 + c.below(4)); break;
                  case 1: move_label(c, name, c.below(2) == 0 ? "staging" : "next", c.below(5)); break;
                  case 2: activate(c, name, 1 + c.below(4)); break;
                  default:
                      c.ask("update prompt_templates set is_active = false, deactivated_by = 'sql' where "
                            "name = " +
                            of(name) + " and is_active and version = " + std::to_string(1 + c.below(4)));
                  }
              }
          }) == "");
    check_labels();
    CHECK(value("select count(*) > 100 from prompt_label_moves where label = 'production'") == "t");
}

TEST_CASE_METHOD(contended,
                 "batches, outcomes, activations and edits at once: no deadlock, and every row is counted",
                 "[schema]")
{
    CHECK(in_parallel(*this, clients, [](client& c) {
              for (int round = 0; round < 25; ++round) {
                  auto const name = "p" + std::to_string(c.below(4));
                  if (c.number < 5) {
                      log_batch(c);
                      report_outcomes(c);
                  }
                  else if (c.number < 10) {
                      activate(c, name, 1 + c.below(4));
                  }
                  else if (c.number < 14) {
                      move_production(c, name, 1 + c.below(4));
                  }
                  else {
                      edit(c, name);
                  }
              }
          }) == "");
    check_labels();
    CHECK(value("select count(*) from prompt_templates t where (total_executions, success_count, "
                "failure_count) <> (select "
                "count(*), count(*) filter (where status = 'success'), count(*) filter (where status = "
                "'failure') from "
                "prompt_executions e where e.template_id = t.id)") == "0");
    CHECK(value("select sum(total_executions) from prompt_templates where name like 'p_'") ==
          std::to_string(5 * 25 * 16 * 3));
    CHECK(value("select deadlocks from pg_stat_database where datname = current_database()") == "0");
}

TEST_CASE_METHOD(contended, "one counter, one content: what two reads with the same counter see is the same",
                 "[schema]")
{
    CHECK(in_parallel(*this, clients, [](client& c) {
              std::string last_counter;
              std::string last_content;
              for (int round = 0; round < 30; ++round) {
                  if (c.number % 2 == 0) {
                      activate(c, "p" + std::to_string(c.below(4)), 1 + c.below(4));
                      continue;
                  }
                  c.ask("begin isolation level repeatable read, read only");
                  auto const counter = c.ask.value("select counter from content_version");
                  auto const content =
                      c.ask.value("select md5(string_agg(t::text, ' ' order by id)) from prompt_templates t");
                  c.ask("commit");
                  if (counter == last_counter && content != last_content) {
                      throw std::runtime_error{"counter " + counter + " stands for two contents"};
                  }
                  if (!last_counter.empty() && std::stol(counter) < std::stol(last_counter)) {
                      throw std::runtime_error{"the counter went back"};
                  }
                  last_counter = counter;
                  last_content = content;
              }
          }) == "");
}

TEST_CASE_METHOD(contended, "months that many replicas make at once are made once, beside the traffic",
                 "[schema]")
{
    std::atomic<int> created{0};
    CHECK(in_parallel(*this, clients, [&created](client& c) {
              for (int month = 1; month <= 6; ++month) {
                  if (c.number >= 8) {
                      c.ask(
                          "insert into prompt_executions (template_name, template_version, input_variables, "
                          "rendered_prompt, status, executed_at) values ('p0', 1, '{}', '', 'rendered', "
                          "'2040-0" +
                          std::to_string(month) + "-15')");
                      continue;
                  }
                  for (bool done = false; !done;) {
                      try {
                          created += static_cast<int>(c.ask("select * from keep_execution_months('2040-0" +
                                                            std::to_string(month) + "-10', null)")
                                                          .size());
                          done = true;
                      }
                      catch (std::runtime_error const& e) {
                          if (std::string{e.what()}.rfind("55P03", 0) != 0) {
                              throw;
                          }
                          std::this_thread::sleep_for(std::chrono::milliseconds{c.below(50)});
                      }
                  }
              }
          }) == "");
    CHECK(created == 8);
    CHECK(value("select count(*) from prompt_executions where executed_at >= '2040-01-01'") == "48");
    CHECK(value("select count(*) from prompt_executions_default") == "0");
}
