// No text that is shown may depend on the password.
//
// To look for the password in the output proves little: "p" is in every word. So each password is compared
// with a twin of the same shape (every letter and digit exchanged for another of its kind, special characters
// kept): both must give the very same output, byte for byte.
#include "catch.hpp"
#include "diagnosis.hpp"
#include "nasty_passwords.hpp"
#include "percent_encoded.hpp"

namespace {

// Another password of the same shape. Hexadecimal letters stay hexadecimal, so that "%4f" and its twin are
// both escapes; bytes above ASCII change their last bits only, so that UTF-8 stays UTF-8.
std::string twin_of(std::string const& password)
{
    auto result = password;
    for (auto at = std::size_t{0}; at < result.size(); ++at) {
        auto& c = result[at];
        auto const rotate = [&](char first, char last) {
            c = static_cast<char>(first + (c - first + 1 + static_cast<int>(at % 2)) % (last - first + 1));
        };
        auto const byte = static_cast<unsigned char>(c);
        if (c >= '1' && c <= '9')
            rotate('1', '9');
        else if (c >= 'a' && c <= 'f')
            rotate('a', 'f');
        else if (c >= 'g' && c <= 'z')
            rotate('g', 'z');
        else if (c >= 'A' && c <= 'F')
            rotate('A', 'F');
        else if (c >= 'G' && c <= 'Z')
            rotate('G', 'Z');
        else if (byte >= 0x80 && byte < 0xC0)
            c = static_cast<char>(byte ^ 1U);
    }
    return result;
}

struct place_of_password
{
    std::string before;
    std::string after;
};

std::vector<place_of_password> forms()
{
    return {{"postgresql://app:", "@db:5432/x"},
            {"postgresql://app:", "@db:5432/x?sslmode=require"},
            {"postgresql://app:", "@/x?host=/cloudsql/a:b:c"},
            {"postgresql://app:", "@db:5432"},
            {"postgresql://app:", "@[::1]:5432/x"},
            {"postgresql://app:", "@h1:0,h2:1/x"},
            {"postgresql://:", "@db/x"},
            {"postgresql://db:5432/x?user=app&password=", ""},
            {"postgresql://db:5432/x?password=", "&user=app"},
            {"postgresql://app:", "@db:5432/x?schema=public"},
            {"postgresql+psycopg2://app:", "@db:5432/x"},
            {"Postgres://app:", "@db:5432/x"},
            {"mysql://app:", "@db:3306/x"},
            {"jdbc:postgresql://db/x?user=app&password=", ""},
            {"\"postgresql://app:", "@db:5432/x\""},
            {"app:", "@db:5432/x"},
            {"postgresql://app:", "/x"}, // the host was forgotten
            {"postgresql://app:", "@db:5432/x\n"}};
}

// Where the host was forgotten, "app:p@ss/x" is a URL of the host "ss", and "app:5432/x" one of the host
// "app": nobody can tell.
bool undecidable(place_of_password const& form, std::string const& password)
{
    return form.after == "/x" && (password.find_first_not_of("0123456789") == password.npos ||
                                  password.find_first_of("@/,") != password.npos);
}

// Without what is said of the password itself, that it has an end of line in it, for example.
std::string all_shown(std::string const& text)
{
    auto diagnosis = diagnose(text);
    std::erase_if(diagnosis.findings,
                  [](auto const& one) { return has(one.message, "password in DATABASE_URL"); });
    auto result = shown_text(diagnosis) + "\n" + schemagate::redact(text);
    if (diagnosis.effective) { // its text fields are for messages too
        for (auto const& one : diagnosis.effective->endpoints)
            result += "\n" + one.host + " " + one.port;
        result += "\n" + diagnosis.effective->user + " " + diagnosis.effective->dbname;
    }
    return result;
}

// The finding that an encoded "%40" looks encoded twice is the one thing that the password's shape may
// change.
bool same_shape_only(std::string const& password)
{
    return has(password, "%");
}

} // namespace

TEST_CASE("what is shown of an encoded password's URL is the same for every password", "[secrecy]")
{
    for (auto const& form : forms()) {
        auto const expected = all_shown(form.before + "Zq7wKx2y" + form.after);
        for (auto const& password : nasty_passwords()) {
            if (same_shape_only(password) || undecidable(form, password))
                continue;
            INFO(form.before << password << form.after);
            CHECK(all_shown(form.before + encoded(password) + form.after) == expected);
        }
    }
}

TEST_CASE("what is shown of a raw password's URL depends on its shape alone", "[secrecy]")
{
    for (auto const& form : forms())
        for (auto const& password : nasty_passwords()) {
            if (undecidable(form, password))
                continue;
            auto const twin = twin_of(password);
            INFO(form.before << password << form.after);
            CHECK(all_shown(form.before + password + form.after) ==
                  all_shown(form.before + twin + form.after));
        }
}

TEST_CASE("neither half of a raw password that holds a delimiter is shown", "[secrecy]")
{
    for (auto const& form : forms())
        for (auto const c : special_bytes()) {
            if (undecidable(form, std::string{c}))
                continue;
            auto const text = form.before + "ZQXJV" + c + "VJXQZ" + form.after;
            auto const shown = all_shown(text);
            INFO(text);
            CHECK_FALSE(has(shown, "ZQXJV"));
            CHECK_FALSE(has(shown, "VJXQZ"));
            // And nothing that would start a line or move a terminal's cursor (the findings' own newlines
            // apart).
            CHECK(shown.find_first_of("\r\x1b\x7f\x01\t") == shown.npos);
        }
}

TEST_CASE("the twin is another password of the same shape", "[secrecy]")
{
    CHECK(twin_of("S3c/ret") != "S3c/ret");
    CHECK(twin_of("a%4f@").at(1) == '%');
    CHECK(twin_of("@").at(0) == '@');
    CHECK(nasty_passwords().size() > 100);
}
