#include "schemagate/script_steps.hpp"

#include <algorithm>
#include <optional>

#include "schemagate/statement_title.hpp"
#include "statement_head.hpp"
#include "step_hazard.hpp"

namespace schemagate::lexer {
namespace {

class step_cutter
{
public:
    step_cutter(std::string_view script, scan_result const& scanned)
        : script_{script}, statements_{scanned.statements}
    {}

    script_steps run()
    {
        for (at_ = 0; at_ < statements_.size(); ++at_) {
            add(statements_[at_]);
        }
        if (block_) {
            report(*block_, "the block that begins here is never closed, so its work would be rolled back. "
                            "Write COMMIT behind its last statement");
            close_block();
        }
        std::stable_sort(result_.problems.begin(), result_.problems.end(),
                         [](auto const& a, auto const& b) { return a.line < b.line; });
        return std::move(result_);
    }

private:
    void add(statement const& s)
    {
        switch (s.kind) {
        case statement_kind::begin: return begin();
        case statement_kind::commit:
        case statement_kind::rollback: return end(s.kind == statement_kind::commit);
        case statement_kind::other_transaction: return other_control();
        case statement_kind::ordinary:
        case statement_kind::non_transactional:
        case statement_kind::copy_from_stdin: return work(s);
        }
    }

    void begin()
    {
        if (block_) {
            return report(at_, "a block is open already, since line " +
                                   std::to_string(statements_[*block_].line) +
                                   ", and blocks do not nest. Close it before this one, or use SAVEPOINT");
        }
        block_ = at_;
    }

    void end(bool commits)
    {
        if (!block_) {
            report(at_, "there is no block that it could end. Write BEGIN where the block begins, or remove "
                        "the statement");
            return add_step(step_kind::transactional);
        }
        if (!commits) {
            report(at_, "a block that ends in ROLLBACK leaves nothing behind, so it cannot be recorded as "
                        "done. Remove the block, or end it with COMMIT");
        }
        close_block();
    }

    void other_control()
    {
        auto const tokens = first_tokens(script_, statements_[at_], 2);
        auto head = statement_head{tokens};
        auto const prepares = head.take("prepare");
        if (prepares || (head.take_any({"commit", "rollback"}) && head.take("prepared"))) {
            report(at_,
                   "a prepared transaction is recorded nowhere and outlives the run. Use BEGIN … COMMIT");
        }
        else {
            report(at_, "AND CHAIN opens the next block in the same statement, so that no step ends between "
                        "the two. Write COMMIT, and BEGIN as a statement of its own");
        }
        if (!block_) {
            add_step(step_kind::transactional);
        }
        else if (prepares) {
            close_block();
        }
    }

    void work(statement const& s)
    {
        auto const refused = s.kind == statement_kind::non_transactional;
        auto const found = effect_of(script_, s, block_.has_value());
        if (found.hazard) {
            report(at_, *found.hazard);
        }
        else if (refused && block_) {
            report(at_, "PostgreSQL refuses this statement inside a transaction. Move it out of the block "
                        "that begins in line " +
                            std::to_string(statements_[*block_].line));
        }
        else if (found.effect == session_effect::local && !block_) {
            report(at_, "outside a block it has no effect on the statements that follow, since each of them "
                        "runs in a transaction of its own. Put it and them between BEGIN and COMMIT "
                        "(directive own-transactions); in place of SET LOCAL, SET will do");
        }
        if (block_) {
            if (found.effect == session_effect::lasting) {
                set_in_block_.push_back(at_);
            }
            return;
        }
        auto const lasting = found.effect == session_effect::lasting;
        add_step(refused ? step_kind::alone : lasting ? step_kind::session : step_kind::transactional);
    }

    void add_step(step_kind kind) { add_step({kind, at_, 1}); }

    // What a block sets for the session is not set again when a step behind the block is resumed.
    void add_step(script_step step)
    {
        if (step.kind != step_kind::session) {
            for (auto const each : lost_) {
                report(each, "it outlasts its block, but is not repeated when the script is resumed behind "
                             "the block. Use SET LOCAL, or move it in front of BEGIN");
            }
            lost_.clear();
        }
        result_.steps.push_back(step);
    }

    void close_block()
    {
        auto const end = std::min(at_ + 1, statements_.size());
        add_step({step_kind::block, *block_, end - *block_});
        block_.reset();
        lost_.insert(lost_.end(), set_in_block_.begin(), set_in_block_.end());
        set_in_block_.clear();
    }

    void report(std::size_t index, std::string const& why)
    {
        auto const& s = statements_[index];
        result_.problems.push_back({s.line, statement_title(script_, s) + ": " + why + "."});
    }

    std::string_view script_;
    std::vector<statement> const& statements_;
    script_steps result_;
    std::size_t at_ = 0;
    std::optional<std::size_t> block_; ///< index of the BEGIN that is open
    std::vector<std::size_t> set_in_block_;
    std::vector<std::size_t> lost_;
};

} // namespace

script_steps cut_into_steps(std::string_view script, scan_result const& scanned)
{
    return step_cutter{script, scanned}.run();
}

} // namespace schemagate::lexer
