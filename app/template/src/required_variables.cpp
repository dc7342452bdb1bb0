#include "required_variables.hpp"

#include <algorithm>

#include "absence.hpp"

namespace app::jinja {

namespace {

// Each variable of an expression is one walk over it. Where there are more of them, all that it could show
// are required.
constexpr std::size_t most_variables = 32;

using ids = std::vector<std::uint32_t>;

void collect(expression const& e, ids& into)
{
    if (e.form == expression_form::variable) {
        into.push_back(e.id);
    }
    for (auto const& child : e.children) {
        collect(child, into);
    }
}

ids variables_of(expression const& e)
{
    ids all;
    collect(e, all);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

class walk
{
public:
    explicit walk(compiled& into)
        : into_{into}, required_(into.variables.size(), false), guards_(into.variables.size(), 0)
    {}

    void run()
    {
        visit_all(into_.body);
        for (std::size_t i = 0; i < required_.size(); ++i) {
            if (required_[i]) {
                into_.required.push_back(into_.variables[i]);
            }
        }
    }

private:
    void visit_all(statements const& body)
    {
        for (auto const& each : body) {
            std::visit([this](auto const& what) { visit(what); }, each.what);
        }
    }

    void visit(text_statement const&) {}

    void visit(print_statement const& print) { show(print.printed); }

    /// A branch is guarded by the variables whose absence makes its condition false, or one before it true.
    void visit(if_statement const& choice)
    {
        ids later;
        for (auto const& each : choice.branches) {
            auto const verdict = each.condition ? without_each(*each.condition) : verdicts{};
            visit_guarded(verdict.make_false, each.body);
            guard(verdict.make_true, 1);
            later.insert(later.end(), verdict.make_true.begin(), verdict.make_true.end());
        }
        guard(later, -1);
    }

    void visit(for_statement const& loop)
    {
        show(loop.iterable);
        auto const verdict = without_each(loop.iterable);
        visit_guarded(verdict.make_false, loop.body);
        visit_guarded(verdict.make_true, loop.otherwise);
    }

    void visit_guarded(ids const& variables, statements const& body)
    {
        guard(variables, 1);
        visit_all(body);
        guard(variables, -1);
    }

    void guard(ids const& variables, int change)
    {
        for (auto const id : variables) {
            guards_[id] += change;
        }
    }

    void show(expression const& e)
    {
        auto const variables = variables_of(e);
        for (auto const id : variables) {
            if (guards_[id] == 0 && !required_[id]) {
                required_[id] = variables.size() > most_variables || absence{id, cost_}.of(e).shows;
            }
        }
    }

    struct verdicts
    {
        ids make_false; ///< by being absent
        ids make_true;
    };

    verdicts without_each(expression const& condition)
    {
        verdicts made;
        auto const variables = variables_of(condition);
        if (variables.size() > most_variables) {
            return made;
        }
        for (auto const id : variables) {
            if (auto const truth = absence{id, cost_}.of(condition).truth) {
                (*truth ? made.make_true : made.make_false).push_back(id);
            }
        }
        return made;
    }

    compiled& into_;
    std::vector<bool> required_;
    std::vector<int> guards_; ///< how many of the blocks around are not entered while the variable is absent
    render_budget budget_{};
    meter cost_{budget_};
};

} // namespace

void find_required(compiled& into)
{
    walk{into}.run();
}

} // namespace app::jinja
