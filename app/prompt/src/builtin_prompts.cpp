#include "prompt/builtin_prompts.hpp"

#include <boost/json/parse.hpp>

namespace app {
namespace {

struct row
{
    char const* name;
    char const* category;
    char const* description;
    char const* variables;
    char const* text;
};

constexpr row rows[] = {
    {"nlu_topic_extraction", "nlu",
     "Finds topics, subject, grade and learning objectives in a student's question.",
     R"(["student_query", "interests"])",
     R"prompt(Read a student's question the way an experienced teacher would, and say what it is about.

Question: {{ student_query }}
{% if interests %}The student is interested in: {{ interests | join(", ") }}.{% endif %}

Reply with one JSON object and nothing else. Its keys: "topics" (strings, the most important first), "subject" (a string), "grade_level" (a string, null when the question does not tell) and "learning_objectives" (strings, each starting with a verb).)prompt"},
    {"clarification_question_generation", "clarification",
     "Asks back, in three questions, when a student's question is too vague to answer.",
     R"(["student_query", "interests"])",
     R"prompt(This question leaves open what the student really wants to know:

{{ student_query }}
{% if interests %}The student is interested in: {{ interests | join(", ") }}. Use this for examples.{% endif %}

Write three short questions whose answers would settle it. Each asks one thing, in words the student knows. Reply with one JSON object and nothing else. Its keys: "questions" (three strings) and "reasoning" (one sentence on what was unclear).)prompt"},
    {"educational_script_generation", "script_generation",
     "Writes the script of a lesson from its topics and the material found for them.",
     R"(["topics", "rag_context", "grade_level", "duration_seconds", "interests"])",
     R"prompt(Write the script of a lesson for grade {{ grade_level }} about {{ topics | join(", ") }}. Read aloud at a calm pace it takes {{ duration_seconds }} seconds.
{% if rag_context %}
Take the facts from this material, and leave out what it does not support:
{{ rag_context }}
{% endif %}{% if interests %}
Choose examples from what the student likes: {{ interests | join(", ") }}.
{% endif %}
Open with a question that makes curious, explain one idea at a time, and close with a summary of two sentences and one question to think about. Use words a student of that grade knows. Give only the spoken text, with a blank line between scenes.)prompt"},
};

} // namespace

std::vector<builtin_prompt> const& builtin_prompts()
{
    static std::vector<builtin_prompt> const all = [] {
        std::vector<builtin_prompt> out;
        for (auto const& r : rows) {
            builtin_prompt one;
            one.content.name = r.name;
            one.content.template_text = r.text;
            one.content.variables = boost::json::parse(r.variables).as_array();
            one.content.created_by = "system";
            one.category = r.category;
            one.description = r.description;
            out.push_back(std::move(one));
        }
        return out;
    }();
    return all;
}

} // namespace app
