#include "schemagate/script_steps.hpp"
#include "survey_report.hpp"

namespace schemagate {

std::string steps(int count)
{
    return std::to_string(count) + (count == 1 ? " step" : " steps");
}

std::optional<std::size_t> resumes_at(survey const& s, migration const& m)
{
    auto const* const begun = s.planned.started_as(m);
    if (begun == nullptr || begun->statement_reached < 0) {
        return std::nullopt;
    }
    // A step may be a whole BEGIN … COMMIT, so the two are counted apart.
    auto const steps = lexer::cut_into_steps(m.text, lexer::scan(m.text)).steps;
    auto const done = static_cast<std::size_t>(begun->statement_reached);
    return done < steps.size() ? std::optional{steps[done].first + 1} : std::nullopt;
}

std::string resume_words(survey const& s, migration const& m)
{
    auto const* const begun = s.planned.started_as(m);
    if (begun == nullptr) {
        return {};
    }
    if (auto const statement = resumes_at(s, m)) {
        return "resumes at statement " + std::to_string(*statement);
    }
    return "was begun, with " + steps(begun->statement_reached) + " done";
}

} // namespace schemagate
