#include "schemagate/postgres/migration_message.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "migration_sql.hpp"
#include "schemagate/lexer.hpp"
#include "schemagate/postgres/script_runner.hpp"

namespace schemagate::postgres {
namespace {

constexpr std::size_t script_size_max = 64UL << 10U;

// Where a script stands in the message.
struct placed_script
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

// A script cannot know it, so it cannot pretend to be at another place of the message.
std::string new_nonce()
{
    std::random_device random;
    return std::to_string(random()) + "-" + std::to_string(random());
}

// A script has dropped what we had prepared, where its text did not show it.
struct statements_gone : engine_exception
{};

class migration_message
{
public:
    migration_message(session& on, leadership const& leader, history_table const& table,
                      std::span<transaction_order const> orders, history_tail known)
        : on_{on}, sql_{on, leader, table, reuse::prepared}, orders_{orders}, tail_{known}, nonce_{
                                                                                                new_nonce()}
    {
        planned_tail planned{known};
        for (std::size_t i = 0; i < orders.size(); ++i) {
            planned.newest = i == 0 ? nullptr : &orders[i - 1];
            add(i, planned);
        }
    }

    // Throws what belongs to order at(). Rolled back.
    void send(on_recorded const& recorded)
    {
        try {
            on_.native().execute(text_, [&](statement_result const& r) { follow(r, recorded); });
        }
        catch (sql_error const& e) {
            roll_back(on_.native());
            explain(e.error);
            throw;
        }
        catch (...) {
            roll_back(on_.native());
            throw;
        }
    }

    [[nodiscard]] history_tail tail() const noexcept { return tail_; }
    /// The order that was being worked on; how many are committed is the same number, but for errors of
    /// parsing.
    [[nodiscard]] std::size_t at() const noexcept { return at_; }
    /// No statement of it ran: the server did not get past parsing (or converting) it.
    [[nodiscard]] bool untouched() const noexcept { return !begun_; }
    [[nodiscard]] std::size_t committed() const noexcept { return committed_; }

private:
    enum class place
    {
        ours,
        entering, ///< the last setting of the script
        script,
        recorded ///< all but COMMIT
    };

    void add(std::size_t i, planned_tail const& planned)
    {
        auto const& order = orders_[i];
        text_ += sql_.opening(i > 0, order.isolation);
        placed_script where;
        if (order.runs()) {
            text_ += sql_.entering(order, planned, mark("script", i));
            where.begin = text_.size();
            text_ += order.entry.applied->text;
            where.end = text_.size();
            // On a line of its own: the script may end in a comment.
            text_ += "\n; " + sql_.leaving(order, planned, mark("left", i));
        }
        text_ += sql_.recording(order, planned, mark("row", i)) + "COMMIT; ";
        placed_.push_back(where);
    }

    [[nodiscard]] std::string mark(std::string_view what, std::size_t i) const
    {
        return nonce_ + ":" + std::string{what} + ":" + std::to_string(i);
    }

    void follow(statement_result const& r, on_recorded const& recorded)
    {
        begun_ = true;
        auto const seen = value_of(r, "schemagate_mark");
        if (seen && *seen == mark("script", at_)) {
            place_ = place::entering;
        }
        else if (place_ == place::entering) {
            place_ = place::script;
            statement_ = 0;
        }
        else if (seen && *seen == mark("left", at_)) {
            place_ = place::ours;
            aftermath_.put_back = value_of(r, "schemagate_changed").value_or("");
        }
        else if (seen && *seen == mark("row", at_)) {
            place_ = place::recorded;
            pending_tail_ = tail_after(r);
        }
        else if (place_ == place::recorded) {
            if (r.tag != "COMMIT") {
                throw fence_broken{"the server rolled the transaction back at COMMIT"};
            }
            tail_ = pending_tail_;
            place_ = place::ours;
            ++committed_;
            recorded(at_++, aftermath_);
            aftermath_ = {};
        }
        else {
            ++statement_;
        }
    }

    // From the server's words to the script they are about; returns if they are about none.
    void explain(server_error const& e)
    {
        if (e.connection_lost) {
            return;
        }
        if (!begun_) {
            explain_parsing(e);
            return;
        }
        if (sql_.lost_prepared(e)) {
            throw statements_gone{};
        }
        if (place_ != place::script) {
            throw_broken_requirement(e);
            return;
        }
        auto const& script = orders_[at_].entry.applied->text;
        auto at = script_position{};
        if (auto const offset = byte_offset(text_, e.position); e.position != 0) {
            auto const& where = placed_[at_];
            at =
                offset >= where.begin && offset <= where.end ? position_at(script, offset - where.begin) : at;
        }
        else {
            at = position_of_statement(script, statement_);
        }
        throw script_error{e, at};
    }

    void explain_parsing(server_error const& e)
    {
        auto const offset = byte_offset(text_, e.position);
        for (std::size_t i = 0; e.position != 0 && i < placed_.size(); ++i) {
            // An error at the end of a script is noticed at what follows it.
            if (offset >= placed_[i].begin && (i + 1 == placed_.size() || offset < placed_[i + 1].begin)) {
                at_ = i;
                auto const in_script = std::min(offset, placed_[i].end) - placed_[i].begin;
                throw script_error{e, position_at(orders_[i].entry.applied->text, in_script)};
            }
        }
    }

    session& on_;
    migration_sql sql_;
    std::span<transaction_order const> orders_;
    history_tail tail_;
    std::string nonce_;
    std::string text_;
    std::vector<placed_script> placed_;

    bool begun_ = false;
    std::size_t at_ = 0;
    std::size_t committed_ = 0;
    place place_ = place::ours;
    std::size_t statement_ = 0;
    history_tail pending_tail_;
    script_aftermath aftermath_;
};

// Sends orders [from, to) and moves what is known on, whatever happens.
void send_some(session& on, leadership const& leader, history_table const& table,
               std::span<transaction_order const> orders, std::size_t from, std::size_t to,
               history_tail& tail, std::size_t& at, on_recorded const& recorded)
{
    migration_message message{on, leader, table, orders.subspan(from, to - from), tail};
    auto const take_over = [&] {
        at = from + message.at();
        tail = message.tail();
    };
    try {
        message.send([&](std::size_t i, script_aftermath const& a) { recorded(from + i, a); });
        take_over();
    }
    catch (sql_error const& e) {
        take_over();
        auto const about_a_script = dynamic_cast<script_error const*>(&e) != nullptr;
        auto const divisible = message.untouched() && !e.error.connection_lost && to - from > 1;
        if (!divisible || (about_a_script && at == from)) {
            throw;
        }
        // Nothing of the message ran. Those before the one that does not parse are sound; where it is not
        // known which one it is, each goes alone.
        auto const sound_to = about_a_script ? at : from + 1;
        auto const rest_to = about_a_script ? at + 1 : to;
        send_some(on, leader, table, orders, from, sound_to, tail, at, recorded);
        send_some(on, leader, table, orders, sound_to, rest_to, tail, at, recorded);
    }
    catch (statements_gone const&) {
        take_over();
        auto const rest = at;
        send_some(on, leader, table, orders, rest, to, tail, at, recorded);
    }
    catch (...) {
        take_over();
        throw;
    }
}

} // namespace

bool fits_in_message(std::string_view script)
{
    if (script.size() > script_size_max) {
        return false;
    }
    auto const scanned = lexer::scan(script);
    return !scanned.open &&
           std::none_of(scanned.statements.begin(), scanned.statements.end(), [](lexer::statement const& s) {
               return s.kind == lexer::statement_kind::copy_from_stdin || s.changes_string_syntax;
           });
}

void apply_in_message(session& on, leadership const& leader, history_table const& table,
                      std::span<transaction_order const> orders, history_tail& tail, std::size_t& at,
                      on_recorded const& recorded)
{
    at = 0;
    if (!orders.empty()) {
        send_some(on, leader, table, orders, 0, orders.size(), tail, at, recorded);
    }
}

} // namespace schemagate::postgres
