// How a fuzz target says that a promise does not hold: libFuzzer keeps the input of an abort.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

[[noreturn]] inline void broken_promise(std::string const& promise, std::string const& shown = {})
{
    std::fprintf(stderr, "BROKEN PROMISE: %s\n%s\n", promise.c_str(), shown.c_str());
    std::abort();
}

inline void promise(bool kept, std::string const& text, std::string const& shown = {})
{
    if (!kept)
        broken_promise(text, shown);
}
