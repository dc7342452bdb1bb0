#include "connection_texts.hpp"

std::vector<std::string> const& written_texts()
{
    static auto const texts = std::vector<std::string>{
        // each part with and without its neighbours
        "postgresql://", "postgres://", "postgresql:///", "postgresql://?", "postgresql:///?",
        "postgresql://@", "postgresql://:@", "postgresql://:@/", "postgresql://ann@", "postgresql://ann@/",
        "postgresql://ann:pw@", "postgresql://:pw@db1", "postgresql://ann:@db1", "postgresql://db1",
        "postgresql://db1/", "postgresql://db1:", "postgresql://db1:/", "postgresql://db1:6001",
        "postgresql://:6001", "postgresql://:6001/shop", "postgresql://db1/shop", "postgresql:///shop",
        "postgresql://ann@db1:6001/shop", "postgresql://ann:pw@db1:6001/shop?sslmode=require",
        "postgresql://ann@/shop?host=/var/run/pg", "postgresql:///shop?host=/var/run/pg&port=6001",
        "postgresql://%2Fvar%2Frun%2Fpg/shop", "postgresql://%2Fvar%2Frun%2Fpg:6001/shop",
        "postgresql:///?user=ann&dbname=shop&host=db1&port=6001", "postgresql://db1?user=ann",
        "postgresql://db1:6001?user=ann", "postgresql://ann@db1?dbname=shop",
        // several hosts
        "postgresql://db1,db2", "postgresql://db1,db2:6002/shop", "postgresql://db1:6001,db2/shop",
        "postgresql://db1:6001,db2:6002,db3:6003/shop?target_session_attrs=any", "postgresql://,",
        "postgresql://,db2", "postgresql://db1,", "postgresql://:6001,:6002",
        "postgresql://[::1]:6001,db2:6002,10.0.0.3/shop", "postgresql://db1%2Cdb2:6001",
        "postgresql://db1:6001%2C6002", "postgresql://db1/?host=db2,db3&port=1,2",
        // IPv6
        "postgresql://[::1]", "postgresql://[::1]:6001", "postgresql://[::1]/shop",
        "postgresql://[::1]?user=ann", "postgresql://ann@[2001:db8::17]:6001/shop",
        "postgresql://[fe80::1%25eth0]/shop", "postgresql://[10.0.0.1]/", "postgresql://[200z::1]/shop",
        "postgresql://[::1", "postgresql://[]", "postgresql://[]:6001/shop", "postgresql://[::1]x",
        "postgresql://[::1]]", "postgresql://[::1/shop]", "postgresql://db1[::1]/shop",
        "postgresql://2001:db8::1:6001/shop", "postgresql:///shop?host=::1",
        // escapes
        "postgresql://a%6En@db1", "postgresql://ann:p%40w%2F%3A@db1/sh%6Fp", "postgresql://db%31:60%301/shop",
        "postgresql://db1?us%65r=ann", "postgresql://db1?user=a%26b%3Dc", "postgresql://db1?user%3Dann",
        "postgresql://db1/%", "postgresql://db1/%4", "postgresql://db1/%zz", "postgresql://db1/%00",
        "postgresql://%00", "postgresql://db1?user=%0", "postgresql://db1?%00=x", "postgresql://%2540db1",
        "postgresql://ann:%FF%C3@db1", "postgresql://db1/shop?options=-c+search_path",
        "postgresql://db1/shop?options=-c%20search_path%3Dx",
        "postgresql://db1/shop?options=-c search_path%3Dx",
        // parameters
        "postgresql://db1?", "postgresql://db1?&", "postgresql://db1?user",
        "postgresql://db1?user=", "postgresql://db1?=x", "postgresql://db1?user=ann&",
        "postgresql://db1?user=ann&&port=1", "postgresql://db1?user=a=b",
        "postgresql://db1?user=ann&user=bob", "postgresql://db1?User=ann", "postgresql://db1?nothing=x",
        "postgresql://db1?ssl=true", "postgresql://db1?ssl=True", "postgresql://db1?ssl=1",
        "postgresql://db1?ssl=false", "postgresql://db1?ssl=tr%75e", "postgresql://db1?%73sl=true",
        "postgresql://db1?requiressl=1", "postgresql://db1?requiressl=0",
        "postgresql://db1?sslmode=disable&ssl=true", "postgresql://db1?ssl=true&sslmode=prefer",
        "postgresql://ann:pw@h1:1/d1?host=h2&port=2&user=bob&dbname=d2&password=qw&hostaddr=10.0.0.2",
        "postgresql://db1/shop?sslmode=require#frag", "postgresql://db1/shop&sslmode=require",
        "postgresql://db1?service=s",
        "postgresql://db1?host=", "postgresql://db1:1?port=", "postgresql://db1?passfile=%2Fnowhere%2Fpass",
        "postgresql://db1?schema=public", "postgresql://db1?pgbouncer=true",
        // what libpq takes, and nobody means
        "postgresql://ann:p/w@db1:6001/shop", "postgresql://ann:p@w@db1/shop", "postgresql://ann:p@@db1",
        "postgresql://ann:p#w?x&y@db1/shop", "postgresql://a?n#n[@db1", "postgresql://db1:0",
        "postgresql://db1:65536", "postgresql://db1:abc/x", "postgresql://db1: 6001",
        "postgresql://db1:+6001", "postgresql://db1:6,001", "postgresql://db1/shop/public",
        "postgresql://db1//shop", "postgresql://db1/shop\n", "postgresql://db1/shop ",
        "postgresql://db1 /shop", "postgresql:// db1", "postgresql://db1/shop;", "postgresql://db1/a@b",
        "postgresql://$HOST", "postgresql://db1/\"shop\"", "postgresql://db1\\x/shop",
        "postgresql://\xC3\xBC@\xFF/\x01\x7f",
        // what is no URI to libpq
        "postgresql:/db1", "postgresql:db1", "postgresql//db1", "Postgresql://db1", "POSTGRES://db1",
        " postgresql://db1", "\"postgresql://db1\"", "jdbc:postgresql://db1",
        "postgresql+psycopg2://ann:pw@db1/x?ssl=1", "db1:6001/shop",
        // keyword/value
        "", " ", "\t\n", "host=db1", "host=db1 port=6001 user=ann password=pw dbname=shop",
        "host = db1 port= 1 user =ann", "host='db 1' password='it\\'s'", "password=a\\ b\\\\", "host=''",
        "host=", "host= port=1", "host='db1", "host='db1'x", "host", "=db1", "host=db1 host=db2", "Host=db1",
        "host=db1;port=1", "nothing=x", "ssl=true host=db1", "requiressl=1 host=db1",
        "hostaddr=10.0.0.1 host=db1", "host=/a,/b port=1,2", "dbname='postgresql://db1/x'",
        "dbname=postgresql://db1/x?user=ann", "user=ann\vhost=db1\f", "password='a\nb'", "options='-c a=b'",
        "service=s"};
    return texts;
}

bool text_grammar::once_in(unsigned times)
{
    return random_() % times == 0;
}

std::string const& text_grammar::one_of(std::vector<std::string> const& pieces)
{
    return pieces[random_() % pieces.size()];
}

namespace {

// Mostly plain, now and then what separates parts elsewhere, an escape, or a fault.
std::vector<std::string> const words{"a",   "ann", "shop",  "b-1",    "x_y",      "%41", "%2F", "%40", "%3A",
                                     "%2C", "%25", "a%26b", "%C3%BC", "\xC3\xBC", "$x",  "a b", "#",   "\"",
                                     "%",   "%0",  "%00",   "%zZ",    "\\",       "'",   "~!*", "\x01"};
std::vector<std::string> const hosts{
    "db1", "10.0.0.1", "[::1]",  "[fe80::1%25x]", "%2Fvar%2Frun", "%40abstract", "",     "db%31",
    "[]",  "[x",       "[::1]y", "a@b",           "localhost",    "::1",         "h%2Ci"};
std::vector<std::string> const ports{"5432",   "1",  "",   "0",     "65536", "abc",
                                     "60%301", " 1", "+1", "1%2C2", "5432x"};
std::vector<std::string> const keywords{"host",
                                        "port",
                                        "user",
                                        "dbname",
                                        "password",
                                        "sslmode",
                                        "options",
                                        "hostaddr",
                                        "passfile",
                                        "connect_timeout",
                                        "application_name",
                                        "us%65r",
                                        "ssl",
                                        "requiressl",
                                        "channel_binding",
                                        "gssencmode",
                                        "sslpassword",
                                        "sslrootcert",
                                        "nothing",
                                        "User",
                                        ""};
std::vector<std::string> const settings{
    "require",    "true", "1",        "",    "disable", "db2", "a,b", "1,2", "%2Fvar%2Frun",
    "-c%20a%3Db", "a=b",  "10.0.0.2", "a b", "%",       "x@y", "a/b", "?"};

} // namespace

std::string text_grammar::host_and_port()
{
    auto result = one_of(hosts);
    if (!once_in(3))
        result += ":" + one_of(ports);
    return result;
}

std::string text_grammar::uri()
{
    auto result = std::string{once_in(3) ? "postgres://" : "postgresql://"};
    if (!once_in(3)) {
        result += one_of(words);
        if (!once_in(3))
            result +=
                ":" + one_of(words) + (once_in(4) ? one_of({"@", "/", ":", "?", "&"}) + one_of(words) : "");
        result += "@";
    }
    result += host_and_port();
    while (once_in(3))
        result += "," + host_and_port();
    if (!once_in(4))
        result += "/" + one_of(words) + (once_in(8) ? one_of({"/", "@", "&", "#", ":"}) + one_of(words) : "");
    if (once_in(2)) {
        auto separator = '?';
        do {
            result += separator + one_of(keywords) + (once_in(16) ? "" : "=") + one_of(settings);
            separator = '&';
        } while (!once_in(3));
        if (once_in(8))
            result += one_of({"&", "&&", "#f", " "});
    }
    return result;
}

std::string text_grammar::keyword_value()
{
    auto result = std::string{};
    do {
        auto const& value = one_of(once_in(2) ? words : settings);
        auto const quoted = once_in(3);
        result += one_of({"", " ", "\n", "  "}) + one_of(keywords) + one_of({"=", " = ", "= ", " ="}) +
                  (quoted ? "'" + value + (once_in(16) ? "" : "'") : value) + one_of({" ", "\t"});
    } while (!once_in(3));
    return result;
}
