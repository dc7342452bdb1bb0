// The SQL lexer and the canonical form, on any bytes: what they find lies inside the text, in its order, and
// what is canonical already stays as it is.
#include <string_view>

#include "broken_promise.hpp"
#include "canonical.hpp"
#include "schemagate/created_relations.hpp"
#include "schemagate/lexer.hpp"
#include "schemagate/new_enum_value.hpp"

namespace {

void scan(std::string_view text)
{
    auto const found = schemagate::lexer::scan(text);
    auto end = std::size_t{0};
    for (auto const& one : found.statements) {
        promise(one.offset >= end && one.length > 0, "statements are in order and not empty");
        end = one.offset + one.length;
        promise(end <= text.size(), "a statement lies in the text");
        if (one.kind == schemagate::lexer::statement_kind::copy_from_stdin)
            promise(one.data_offset <= text.size() && one.data_length <= text.size() - one.data_offset,
                    "COPY's data lie in the text");
    }
    for (auto const& one : found.meta_commands)
        promise(one.offset + one.length <= text.size() && !one.name.empty(), "a command lies in the text");
    static_cast<void>(schemagate::lexer::created_relations(text));
}

void canonicalise(std::string_view text, schemagate::script_use use)
{
    auto problems = 0;
    auto const count = [&](std::size_t, std::string const&) { ++problems; };
    auto const once = schemagate::canonical_form(text, use, count);
    if (problems != 0)
        return;
    scan(once.text);
    auto const twice = schemagate::canonical_form(once.text, use, [&](std::size_t, std::string const& why) {
        broken_promise("canonical text is taken", why);
    });
    promise(once.text == twice.text, "the canonical form of a canonical text is itself", once.text);
    // Without the BEGIN … COMMIT that was blanked nothing says that its author wanted one transaction.
    auto const asked = schemagate::lexer::uses_new_enum_value(text, schemagate::lexer::scan(text));
    promise(once.transactional == twice.transactional || (once.transactional && asked),
            "and it runs in the same way", once.text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    auto const text = std::string_view{reinterpret_cast<char const*>(data), size};
    scan(text);
    canonicalise(text, schemagate::script_use::migration);
    canonicalise(text, schemagate::script_use::twin);
    return 0;
}
