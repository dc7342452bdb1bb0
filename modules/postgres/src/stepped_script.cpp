#include "stepped_script.hpp"

#include <array>
#include <new>

#include <openssl/evp.h>

#include "schemagate/postgres/step_runner.hpp"

namespace schemagate::postgres {
namespace {

// OpenSSL fails here for want of memory alone.
void require(bool done)
{
    if (!done) {
        throw std::bad_alloc{};
    }
}

} // namespace

stepped_script::stepped_script(std::string_view text)
    : text_{text}, scanned_{lexer::scan(text)}, hash_{nullptr, EVP_MD_CTX_free}
{
    auto cut = lexer::cut_into_steps(text_, scanned_);
    if (!cut.problems.empty()) { // the build refuses such a script; a catalog may be made without one
        auto const& first = cut.problems.front();
        throw step_refused{first.line, first.message};
    }
    steps_ = std::move(cut.steps);
}

std::string_view stepped_script::text_of(std::size_t first, std::size_t last) const
{
    auto const& s = statement(last);
    auto end = std::size_t{s.offset} + s.length;
    if (s.kind == lexer::statement_kind::copy_from_stdin) {
        auto const line = text_.find('\n', s.data_offset + s.data_length);
        end = line == std::string_view::npos ? text_.size() : line + 1;
    }
    return text_.substr(statement(first).offset, end - statement(first).offset);
}

std::string stepped_script::digest_of(std::size_t steps) const
{
    if (steps == 0) {
        return {};
    }
    if (!hash_ || hashed_ > steps) {
        hash_.reset(EVP_MD_CTX_new());
        require(hash_ && EVP_DigestInit_ex(hash_.get(), EVP_sha256(), nullptr) == 1);
        hashed_ = 0;
    }
    for (; hashed_ < steps; ++hashed_) {
        auto const& step = steps_[hashed_];
        auto const text = text_of(step.first, step.first + step.count - 1);
        require(EVP_DigestUpdate(hash_.get(), text.data(), text.size()) == 1 &&
                EVP_DigestUpdate(hash_.get(), ";\n", 2) == 1);
    }
    hash const ended{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    require(ended && EVP_MD_CTX_copy_ex(ended.get(), hash_.get()) == 1 &&
            EVP_DigestFinal_ex(ended.get(), digest.data(), &size) == 1);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 15U];
    }
    return text;
}

} // namespace schemagate::postgres
