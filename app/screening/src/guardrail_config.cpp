#include "guardrail_config.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "code_points.hpp"
#include "screening/screening_error.hpp"

namespace app {

namespace json = boost::json;

namespace {

constexpr auto entity_size_max = std::size_t{64};

/// What a string among the patterns is.
enum class reading
{
    regex,
    literal,
    either, ///< literal, and a regular expression too if it is written like one
};

struct list_name
{
    std::string_view key;
    std::optional<reading> as; ///< none: as the type of the guardrail has it
};

// Where configs of this and of other systems keep patterns: one, or a list.
constexpr list_name list_names[] = {
    {"patterns", std::nullopt},
    {"pattern", std::nullopt},
    {"injection_patterns", std::nullopt},
    {"regexes", reading::regex},
    {"regex_patterns", reading::regex},
    {"regex", reading::regex},
    {"strings", reading::literal},
    {"literals", reading::literal},
    {"substrings", reading::literal},
    {"phrases", reading::literal},
    {"keywords", reading::literal},
    {"words", reading::literal},
    {"terms", reading::literal},
    {"blocked_phrases", reading::literal},
    {"blocked_words", reading::literal},
    {"blocked_terms", reading::literal},
    {"blocklist", reading::literal},
    {"banned_words", reading::literal},
    {"denylist", reading::literal},
    {"deny_list", reading::literal},
    {"forbidden_phrases", reading::literal},
};

struct pattern_key
{
    std::string_view key;
    std::optional<reading> as;
};

// How one pattern's object says what to look for.
constexpr pattern_key pattern_keys[] = {
    {"regex", reading::regex},     {"pattern", std::nullopt},       {"literal", reading::literal},
    {"string", reading::literal},  {"substring", reading::literal}, {"phrase", reading::literal},
    {"keyword", reading::literal}, {"text", reading::literal},
};

struct example
{
    std::string_view text;
    known_entity entity;
};

// What a pattern without an entity is tried on.
constexpr example examples[] = {
    {"219-09-9998", known_entity::ssn},
    {"219 09 9998", known_entity::ssn},
    {"4111111111111111", known_entity::credit_card},
    {"4111 1111 1111 1111", known_entity::credit_card},
    {"4111-1111-1111-1111", known_entity::credit_card},
    {"378282246310005", known_entity::credit_card},
    {"3782 822463 10005", known_entity::credit_card},
    {"4155550132", known_entity::phone_number},
    {"415-555-0132", known_entity::phone_number},
    {"(415) 555-0132", known_entity::phone_number},
    {"+14155550132", known_entity::phone_number},
    {"+1 415 555 0132", known_entity::phone_number},
    {"jane.doe@example.com", known_entity::email_address},
};

std::string pointer(std::string const& path, std::string_view key)
{
    auto result = path + "/";
    for (auto const byte : key) { // RFC 6901, 3
        if (byte == '~') {
            result += "~0";
        }
        else if (byte == '/') {
            result += "~1";
        }
        else {
            result += byte;
        }
    }
    return result;
}

std::string_view text_of(json::value const& value, std::string const& path)
{
    if (!value.is_string()) {
        throw pattern_invalid{path, "This has to be a string."};
    }
    return value.get_string();
}

bool flag(json::object const& config, std::string_view key, bool otherwise)
{
    auto const* const value = config.if_contains(key);
    if (value == nullptr || value->is_null()) {
        return otherwise;
    }
    if (!value->is_bool()) {
        throw pattern_invalid{pointer("/config", key), "This has to be true or false."};
    }
    return value->get_bool();
}

/// "employee id" is EMPLOYEE_ID, since it is shown as [EMPLOYEE_ID].
std::string entity_name(std::string_view given, std::string const& path)
{
    auto name = std::string{given};
    for (auto& byte : name) {
        if (byte >= 'a' && byte <= 'z') {
            byte = static_cast<char>(byte - 'a' + 'A');
        }
        else if (byte == ' ' || byte == '-') {
            byte = '_';
        }
        if (!((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_')) {
            throw pattern_invalid{path, "An entity has letters, digits and underscores only."};
        }
    }
    if (name.empty() || name.size() > entity_size_max) {
        throw pattern_invalid{path, "An entity has 1 to 64 characters."};
    }
    auto const known = entity_named(name);
    return known ? std::string{name_of(*known)} : name;
}

bool has_letters_that_fold(std::string_view text)
{
    for (auto at = std::size_t{0}; at < text.size();) {
        auto const script = u_getIntPropertyValue(next_character(text, at), UCHAR_SCRIPT);
        if (script == USCRIPT_CYRILLIC || script == USCRIPT_GREEK) {
            return true;
        }
    }
    return false;
}

/// Signs of a regular expression that prose does not have: an escape, (?…), .*, [a-z]+, (a|b), a{2}.
bool is_written_as_regex(std::string_view text)
{
    static auto const* const signs = new RE2{
        R"(\\[a-zA-Z.(){}\[\]|*+?^$]|\(\?|\.[*+?]|[\])][*+?{]|\([^()|]*\|[^()]*\)|\{[0-9]+,?[0-9]*\})"};
    return RE2::PartialMatch(re2::StringPiece{text.data(), text.size()}, *signs);
}

class config_reader
{
public:
    config_reader(std::string_view type, json::object const& config)
        : config_{config}, is_pii_{type == "pii_detection"}, is_injection_{type == "prompt_injection"},
          default_entity_{is_pii_         ? "PII"
                          : is_injection_ ? "PROMPT_INJECTION"
                                          : "CONTENT_POLICY"},
          case_sensitive_{flag(config, "case_sensitive", !is_injection_)},
          how_{.white_space = flag(config, "fold_whitespace", true), .look_alikes = true}
    {}

    guardrail_config read()
    {
        auto const names_entities = is_pii_ && read_entity_types();
        auto has_list = false;
        for (auto const& [key, as] : list_names) {
            auto const* const value = config_.if_contains(key);
            if (value != nullptr && !value->is_null()) {
                has_list = true;
                read_list(*value, pointer("/config", key), as.value_or(strings()), default_entity_);
            }
        }
        if (is_pii_ && !names_entities && !has_list) {
            result_.detectors = {known_entity::ssn, known_entity::credit_card, known_entity::phone_number,
                                 known_entity::email_address};
        }
        auto expressions = std::vector<pattern const*>{};
        for (auto const& rule : result_.rules) {
            expressions.push_back(&rule.expression);
            if (std::find(result_.foldings.begin(), result_.foldings.end(), rule.how) ==
                result_.foldings.end()) {
                result_.foldings.push_back(rule.how);
            }
        }
        result_.any_rule = pattern_set{expressions};
        return std::move(result_);
    }

private:
    [[nodiscard]] reading strings() const { return is_injection_ ? reading::either : reading::regex; }

    bool read_entity_types()
    {
        auto const* const value = config_.if_contains("entity_types");
        if (value == nullptr || value->is_null()) {
            return false;
        }
        if (!value->is_array()) {
            throw pattern_invalid{"/config/entity_types", "This has to be a list of names such as SSN."};
        }
        auto index = 0;
        for (auto const& one : value->get_array()) {
            auto const name = text_of(one, pointer("/config/entity_types", std::to_string(index++)));
            auto const known = entity_named(name);
            auto& all = result_.detectors;
            if (known && std::find(all.begin(), all.end(), *known) == all.end()) {
                all.push_back(*known);
            }
        }
        return true;
    }

    /// A pattern, a list of them, or an object of either by entity.
    void read_list(json::value const& value, std::string const& path, reading as, std::string const& entity)
    {
        if (value.is_array()) {
            auto index = 0;
            for (auto const& one : value.get_array()) {
                read_pattern(one, pointer(path, std::to_string(index++)), as, entity);
            }
        }
        else if (value.is_object() && !is_pattern(value.get_object())) {
            for (auto const& [key, inner] : value.get_object()) {
                auto const inner_path = pointer(path, key);
                auto const name = entity_name(key, inner_path);
                if (!inner.is_array() && !inner.is_string() &&
                    !(inner.is_object() && is_pattern(inner.get_object()))) {
                    throw pattern_invalid{inner_path, "This has to be a pattern or a list of patterns."};
                }
                read_list(inner, inner_path, as, name);
            }
        }
        else {
            read_pattern(value, path, as, entity);
        }
    }

    static bool is_pattern(json::object const& object)
    {
        return std::any_of(std::begin(pattern_keys), std::end(pattern_keys),
                           [&](pattern_key const& one) { return object.contains(one.key); });
    }

    void read_pattern(json::value const& value, std::string const& path, reading as,
                      std::string const& entity)
    {
        if (value.is_string()) {
            add(value.get_string(), path, as, entity, false);
            return;
        }
        if (!value.is_object()) {
            throw pattern_invalid{path,
                                  "A pattern is a string, or an object with regex, entity and validate."};
        }
        auto const& object = value.get_object();
        auto const* const found =
            std::find_if(std::begin(pattern_keys), std::end(pattern_keys),
                         [&](pattern_key const& one) { return object.contains(one.key); });
        if (found == std::end(pattern_keys)) {
            throw pattern_invalid{path, "The pattern has neither regex nor literal."};
        }
        auto name = entity;
        for (std::string_view const key : {"entity", "entity_type"}) {
            if (auto const* const given = object.if_contains(key)) {
                name = entity_name(text_of(*given, pointer(path, key)), pointer(path, key));
                break;
            }
        }
        auto luhn = false;
        if (auto const* const validate = object.if_contains("validate");
            validate != nullptr && !validate->is_null()) {
            luhn = text_of(*validate, pointer(path, "validate")) == "luhn";
            if (!luhn) {
                throw pattern_invalid{pointer(path, "validate"),
                                      "The only validation that there is is luhn."};
            }
        }
        auto const inner_path = pointer(path, found->key);
        add(text_of(object.at(found->key), inner_path), inner_path, found->as.value_or(strings()), name,
            luhn);
    }

    void add(std::string_view text, std::string const& path, reading as, std::string const& entity, bool luhn)
    {
        auto how = how_;
        how.look_alikes = !has_letters_that_fold(text);
        if (as != reading::regex) {
            auto const folded = folded_text{text, how}.text();
            auto const quoted = RE2::QuoteMeta(folded);
            add_rule(entity, luhn, false, how, pattern{path, quoted, case_sensitive_}, path);
        }
        if (as == reading::regex || (as == reading::either && is_written_as_regex(text))) {
            add_rule(entity, luhn, true, how, pattern{path, text, case_sensitive_}, path);
        }
    }

    void add_rule(std::string entity, bool luhn, bool original_text, folding how, pattern expression,
                  std::string const& path)
    {
        if (result_.rules.size() == pattern_count_max) {
            throw pattern_invalid{path, "A guardrail has " + std::to_string(pattern_count_max) +
                                            " patterns at most; put the others into another guardrail."};
        }
        auto known = is_pii_ ? entity_named(entity) : std::nullopt;
        if (is_pii_ && entity == default_entity_) {
            known = entity_by_examples(expression);
            entity = known ? std::string{name_of(*known)} : entity;
        }
        result_.rules.push_back({std::move(entity), known, luhn, original_text, how, std::move(expression)});
    }

    /// The one of the entity types whose examples the pattern fits; none if there are several.
    std::optional<known_entity> entity_by_examples(pattern const& expression) const
    {
        auto found = std::optional<known_entity>{};
        for (auto const& one : examples) {
            if (expression.fits(one.text)) {
                if (found && *found != one.entity) {
                    return std::nullopt;
                }
                found = one.entity;
            }
        }
        auto const& asked = result_.detectors;
        return found && std::find(asked.begin(), asked.end(), *found) != asked.end() ? found : std::nullopt;
    }

    json::object const& config_;
    bool is_pii_;
    bool is_injection_;
    std::string default_entity_;
    bool case_sensitive_;
    folding how_;
    guardrail_config result_;
};

} // namespace

guardrail_config read_guardrail_config(std::string_view guardrail_type, json::object const& config)
{
    if (guardrail_type == "toxic_content") {
        auto const* const detector = config.if_contains("detector");
        if (detector != nullptr && !detector->is_null()) {
            text_of(*detector, "/config/detector");
        }
        return {};
    }
    if (guardrail_type != "pii_detection" && guardrail_type != "prompt_injection" &&
        guardrail_type != "content_policy") {
        throw pattern_invalid{"/type",
                              "The type of a guardrail is pii_detection, toxic_content, prompt_injection or "
                              "content_policy."};
    }
    return config_reader{guardrail_type, config}.read();
}

} // namespace app
