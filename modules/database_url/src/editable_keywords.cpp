// "host=h user='u v'", piece by piece.
#include <algorithm>
#include <deque>
#include <vector>

#include "ascii.hpp"
#include "editable_text.hpp"
#include "keyword_layout.hpp"

namespace schemagate::url {

namespace {

class keyword_pieces final : public editable_text
{
public:
    explicit keyword_pieces(std::string const& text)
    {
        auto layout = scan_keywords(text);
        pieces_ = std::move(layout.pieces);
        tail_ = layout.tail;
    }

    void set(std::string_view keyword, std::string const& value) override
    {
        auto const last = std::find_if(pieces_.rbegin(), pieces_.rend(),
                                       [&](auto const& piece) { return names(piece, keyword); });
        if (last == pieces_.rend()) {
            end_last_value();
            pieces_.push_back({pieces_.empty() ? "" : " ", own(keyword), "=", quoted(value)});
            return;
        }
        last->value = quoted(value);
        last->keyword = own(keyword); // it may have been requiressl
        remove_but(keyword, last->keyword.data());
    }

    bool remove(std::string_view keyword) override { return remove_but(keyword, nullptr); }

    void move_to(std::string const& host, bool drop_port) override
    {
        set("host", host);
        remove("hostaddr");
        if (drop_port)
            remove("port");
    }

    [[nodiscard]] secret text() const override
    {
        auto size = tail_.size();
        for (auto const& [before, keyword, equals, value] : pieces_)
            size += before.size() + keyword.size() + equals.size() + value.size() + 1;
        auto out = std::string{};
        out.reserve(size);
        auto open = false; // only a closing quote ends a value without a blank
        for (auto const& [before, keyword, equals, value] : pieces_) {
            out.append(open && before.empty() ? " " : before);
            out.append(keyword).append(equals).append(value);
            open = !value.starts_with('\'');
        }
        out += tail_;
        return secret{std::move(out)};
    }

private:
    static bool names(keyword_piece const& piece, std::string_view keyword)
    {
        return piece.keyword == keyword || stored_keyword(piece.keyword) == keyword;
    }

    bool remove_but(std::string_view keyword, char const* kept)
    {
        auto found = false;
        for (auto at = pieces_.begin(); at != pieces_.end();) {
            if (at->keyword.data() == kept || !names(*at, keyword)) {
                ++at;
                continue;
            }
            found = true;
            auto const before = at->before;
            at = pieces_.erase(at);
            if (at == pieces_.begin() && at != pieces_.end())
                at->before = before;
        }
        return found;
    }

    // Two ends mean nothing to libpq, but would take in what follows now: no value at all, and a lone
    // backslash.
    void end_last_value()
    {
        if (pieces_.empty() || !tail_.empty())
            return;
        auto& value = pieces_.back().value;
        auto const backslashes = value.size() - (value.find_last_not_of('\\') + 1);
        if (!value.starts_with('\'') && backslashes % 2 == 1)
            value.remove_suffix(1);
        if (value.empty())
            value = "''";
    }

    std::string_view own(std::string_view bytes) { return owned_.emplace_back(std::string{bytes}).reveal(); }

    std::string_view quoted(std::string_view value)
    {
        if (made_of_words(value, "_-.:/@,+%~"))
            return own(value);
        auto out = std::string{};
        out.reserve(2 * value.size() + 2);
        out += '\'';
        for (auto const c : value) {
            if (c == '\'' || c == '\\')
                out += '\\';
            out += c;
        }
        out += '\'';
        return owned_.emplace_back(std::move(out)).reveal();
    }

    std::vector<keyword_piece> pieces_;
    std::string_view tail_;
    std::deque<secret> owned_;
};

} // namespace

std::unique_ptr<editable_text> editable_keywords(std::string const& text)
{
    return std::make_unique<keyword_pieces>(text);
}

} // namespace schemagate::url
