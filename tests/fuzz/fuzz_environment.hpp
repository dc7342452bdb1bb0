// The environments that a text is read in: the same ones for libpq (this process's own) and for the rules (a
// place made of literals).
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "fake_place.hpp"

inline constexpr auto services = "[s]\nhost=s1,s2\nport=7001\nuser=sam\ndbname=stock\nsslmode=require\n"
                                 "[p]\nport=7002\n[bad]\nhost\n";

/// A file that libpq can read; the rules see the same content.
inline std::string const& service_file()
{
    static auto const path = [] {
        char name[] = "/tmp/schemagate-fuzz-XXXXXX";
        auto const descriptor = ::mkstemp(name);
        if (descriptor >= 0)
            ::close(descriptor);
        std::ofstream{name} << services;
        std::atexit([] { ::unlink(service_file().c_str()); });
        return std::string{name};
    }();
    return path;
}

inline fake_place environment_number(unsigned char number)
{
    using variables = std::map<std::string, std::string>;
    static auto const all = std::vector<variables>{
        {},
        {{"PGHOST", "e1"}},
        {{"PGHOST", "e1,e2"}, {"PGPORT", "6001,6002"}},
        {{"PGHOST", ""}, {"PGPORT", ""}, {"PGUSER", ""}, {"PGDATABASE", ""}, {"PGSSLMODE", ""}},
        {{"PGHOSTADDR", "10.0.0.9"}},
        {{"PGHOSTADDR", "10.0.0.9,::1"}, {"PGHOST", "e1"}},
        {{"PGUSER", "eve"}, {"PGDATABASE", "edb"}, {"PGPASSWORD", "epw"}, {"PGOPTIONS", "-c a=b"}},
        {{"PGSSLMODE", "verify-full"}, {"PGREQUIRESSL", "1"}, {"PGSSLROOTCERT", "/nowhere/root"}},
        {{"PGREQUIRESSL", "1"}, {"PGPASSFILE", "/nowhere/pass"}},
        {{"PGSERVICE", "s"}},
        {{"PGSERVICE", "p"}, {"PGUSER", "eve"}},
        {{"PGSERVICE", "bad"}},
        {{"CLOUD_RUN_JOB", "migrate"}},
        {{"K_SERVICE", "shop"}, {"K_REVISION", "shop-1"}, {"K_CONFIGURATION", "shop"}},
        {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}},
    };
    static auto const names = [] {
        auto result = std::vector<std::string>{};
        for (auto const& one : all)
            for (auto const& [name, value] : one)
                result.push_back(name);
        return result;
    }();
    auto place = fake_place{};
    place.variables = all[number % all.size()];
    place.variables["HOME"] = "/nowhere/home";
    place.variables["PGSERVICEFILE"] = service_file();
    place.contents[service_file()] = services;
    for (auto const& name : names)
        ::unsetenv(name.c_str());
    for (auto const& [name, value] : place.variables)
        ::setenv(name.c_str(), value.c_str(), 1);
    return place;
}
