#include "sql_generator.hpp"

#include <array>
#include <string_view>

#include "sql_tokens.hpp"

namespace schemagate::test {
namespace {

using namespace std::string_view_literals;

constexpr std::array labels{""sv,       ""sv,      ""sv,        "~as~end"sv,      "~end"sv,
                            "~case"sv,  "~as~x"sv, "~\"x;\""sv, "~as~\xC3\xA9"sv, "~as~case"sv,
                            "~atomic"sv};

constexpr std::array body_forms{"select~%e%l"sv,
                                "select~%e%l,^%e%l~from~t~where~%e"sv,
                                "insert~into~t^(^a^)^values^(^%e^)"sv,
                                "update~t~set~a^=^%e"sv,
                                "delete~from~t~where~%e"sv,
                                "values^(^%e^)"sv,
                                "with~x~as^(^select~%e^)~select~%e%l"sv};

constexpr std::array forms{
    "%s"sv,
    "%s"sv,
    "%s"sv,
    "%s"sv,
    ""sv,
    "create~table~t^(^a~int~default^(^%e^)^,^check^(^%e^)^)"sv,
    "create~table~begin^(^atomic~int,~\"end\"~int^)"sv,
    "create~view~v~as~select~%e%l"sv,
    "create~function~f^(^)~returns~int~language~sql~as~$f$ select 1; $f$"sv,
    "create~function~f^(^a~int~default^(^%e^)^)~returns~int~as~'begin; atomic; '~language~sql"sv,
    "create~or~replace~function~f^(^)~returns~int~language~sql~begin~atomic~%bend"sv,
    "create~function~f^(^)~returns~int~begin~atomic~%bend"sv,
    "create~function~f^(^)~returns~int~return~%e"sv,
    "CREATE~PROCEDURE~p^(^)~LANGUAGE~SQL~BEGIN~ATOMIC~%bEND"sv,
    "create~rule~r~as~on~insert~to~t~do~also^(^%s^;^%s^;^)"sv,
    "create~rule~r~as~on~insert~to~t~do~instead~nothing"sv,
    "do~$$begin perform 1; end;$$"sv,
    "do~language~plpgsql~'begin end;'"sv,
    "begin"sv,
    "begin~isolation~level~serializable"sv,
    "commit"sv,
    "end"sv,
    "rollback~to~a"sv,
    "savepoint~a"sv,
    "set~search_path^=^a,^'b;'"sv,
    "comment~on~table~t~is~'a; b'"sv,
    "create~unique~index~concurrently~i~on~t^(^(^%e^)^)"sv,
    "copy~t~to~stdout"sv,
    "copy~t~from~'/tmp/;'"sv,
    "copy~(^%s^)~to~stdout"sv,
    "explain^(^analyze^)~%s"sv,
    "prepare~p~as~%s"sv,
    "notify~a,^'b;'"sv,
    "alter~table~t~alter~a~set~default~%e"sv,
    "alter~type~t~add~value~'x;'"sv,
    "create~trigger~g~before~insert~on~t~for~each~row~when^(^%e^)~execute~function~f^(^)"sv,
    "create~policy~p~on~t~using^(^%e^)"sv,
    "grant~select^(^a^)~on~t~to~r"sv,
    "call~p^(^%e^)"sv,
    "create~operator~@#~(^leftarg^=^int,^procedure^=^f^)"sv,
    "vacuum^(^full^)~t"sv};

} // namespace

std::string sql_generator::blank()
{
    std::string text;
    do {
        text += any_of(tokens::blanks);
    } while (one_in(6));
    return text;
}

std::string sql_generator::expression()
{
    if (depth_ > 3) {
        return std::string{any_of(tokens::atoms)};
    }
    ++depth_;
    std::string text;
    switch (below(8)) {
    case 0: text = filled("(^%e^)"); break;
    case 1: text = filled("%e^%o^%e"); break;
    case 2: text = filled("case~when~%e~then~%e~else~%e~end"); break;
    case 3: text = filled("case~%a~when~1~then~%e~end"); break;
    case 4: text = filled("f^(^%e^,^%e^)"); break;
    default: text = any_of(tokens::atoms);
    }
    --depth_;
    return text;
}

std::string sql_generator::body()
{
    std::string text;
    for (auto count = below(4); count > 0; --count) {
        text += filled("%s^;^");
    }
    return text;
}

std::string sql_generator::filled(std::string_view form)
{
    std::string text;
    for (std::size_t i = 0; i < form.size(); ++i) {
        switch (form[i]) {
        case '~': text += blank(); break;
        case '^': text += one_in(3) ? blank() : ""; break;
        case '%':
            switch (form[++i]) {
            case 'e': text += expression(); break;
            case 'a': text += any_of(tokens::atoms); break;
            case 'o': text += any_of(tokens::operators); break;
            case 'l': text += filled(any_of(labels)); break;
            case 's': text += filled(any_of(body_forms)); break;
            default: text += body();
            }
            break;
        default: text += form[i];
        }
    }
    return text;
}

std::string sql_generator::script()
{
    auto text = one_in(4) ? blank() : std::string{};
    for (auto count = 1 + below(4); count > 0; --count) {
        text += filled(any_of(forms)) + (one_in(3) ? blank() : "") + (count > 1 || one_in(2) ? ";" : "") +
                (one_in(3) ? blank() : "");
    }
    return text;
}

std::string sql_generator::damaged_script()
{
    auto text = script();
    for (auto count = 1 + below(2); count > 0; --count) {
        auto const at = below(text.size() + 1);
        switch (below(3)) {
        case 0: text.erase(at, 1 + below(3)); break;
        case 1: text.insert(at, any_of(tokens::pieces)); break;
        default: text.insert(at, text.substr(at, 1 + below(8)));
        }
    }
    return text;
}

std::string sql_generator::heap_of_tokens()
{
    std::string text = "select ";
    for (auto count = 1 + below(8); count > 0; --count) {
        text += one_in(2)   ? any_of(tokens::atoms)
                : one_in(2) ? any_of(tokens::operators)
                            : any_of(tokens::pieces);
        text += one_in(4) ? " " : one_in(6) ? ", " : "";
    }
    return text + (one_in(2) ? "; select 2" : "");
}

} // namespace schemagate::test
