#include "template_rendering.hpp"

#include "python_characters.hpp"
#include "python_text.hpp"
#include "template_evaluation.hpp"

namespace app::jinja {

namespace json = boost::json;

namespace {

class rendering
{
public:
    rendering(compiled const& program, json::object const& values, render_budget& budget, std::string& out)
        : cost_{budget}, seen_{program, values, cost_}, out_{out}
    {}

    void run(statements const& body)
    {
        for (auto const& each : body) {
            cost_.at_line(each.line);
            cost_.work(part_work);
            std::visit([this](auto const& what) { execute(what); }, each.what);
        }
    }

private:
    void append(std::string_view text)
    {
        cost_.output(text.size());
        out_ += text;
    }

    void execute(text_statement const& text) { append(text.text); }

    void execute(print_statement const& print)
    {
        auto const mark = seen_.arena.now();
        auto const printed = seen_.evaluate(print.printed);
        if (auto const* const text = std::get_if<text_view>(&printed)) {
            append(text->bytes);
        }
        else {
            printed_.clear();
            append_text(printed_, printed, cost_);
            append(printed_);
        }
        seen_.arena.release(mark);
    }

    void execute(if_statement const& choice)
    {
        for (auto const& each : choice.branches) {
            auto const mark = seen_.arena.now();
            bool const taken = !each.condition || is_true(seen_.evaluate(*each.condition));
            seen_.arena.release(mark);
            if (taken) {
                run(each.body);
                return;
            }
        }
    }

    void execute(for_statement const& loop)
    {
        auto const mark = seen_.arena.now();
        auto const iterable = seen_.evaluate(loop.iterable);
        if (pass_over(iterable, loop) == 0) {
            run(loop.otherwise);
        }
        seen_.arena.release(mark);
    }

    /// How many elements there were.
    std::size_t pass_over(value const& iterable, for_statement const& loop)
    {
        if (is_absent(iterable)) {
            return 0;
        }
        seen_.loops.push_back({});
        auto const depth = seen_.loops.size() - 1;
        auto const pass = [&](value const& element) {
            cost_.pass();
            seen_.loops[depth].current = element;
            run(loop.body);
            ++seen_.loops[depth].index;
        };
        if (auto const* const text = std::get_if<text_view>(&iterable)) {
            cost_.work(text->bytes.size());
            seen_.loops[depth].length = count_code_points(text->bytes);
            for (std::size_t at = 0; at < text->bytes.size();) {
                auto const begin = at;
                next_code_point(text->bytes, at);
                pass(text_view{text->bytes.substr(begin, at - begin)});
            }
        }
        else if (auto const list = list_view::of(iterable)) {
            seen_.loops[depth].length = list->size();
            for (std::size_t i = 0; i < list->size(); ++i) {
                pass(list->at(i));
            }
        }
        else if (auto const* const object = std::get_if<json::object const*>(&iterable)) {
            seen_.loops[depth].length = (*object)->size();
            for (auto const& member : **object) {
                pass(text_view{member.key()});
            }
        }
        else {
            fail_at(loop.iterable, named(loop.iterable) + " is " + std::string{kind_of(iterable)} +
                                       "; a loop takes a list, an object or text");
        }
        auto const count = seen_.loops[depth].index;
        seen_.loops.pop_back();
        return count;
    }

    meter cost_;
    evaluation seen_;
    std::string& out_;
    std::string printed_; ///< of one number, list, …, before it is known to fit
};

} // namespace

void render(compiled const& program, json::object const& values, render_budget& budget, std::string& out)
{
    rendering{program, values, budget, out}.run(program.body);
}

} // namespace app::jinja
