#include "failed_test.hpp"

#include <atomic>
#include <mutex>

// Catch2 2.13 is a header, which declares its listeners only on demand; 3 is a library.
#ifdef SCHEMAGATE_CATCH2_V3
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>
#endif

namespace schemagate::testing {
namespace {

std::atomic<bool> failed{false};
std::mutex name_mutex;
std::string name;

#ifdef SCHEMAGATE_CATCH2_V3
using listener_base = Catch::EventListenerBase;
using assertion_answer = void;
constexpr void heard() {}
#else
using listener_base = Catch::TestEventListenerBase;
using assertion_answer = bool;
constexpr bool heard()
{
    return false; // the assertion's buffered messages were not consumed
}
#endif

class listener : public listener_base
{
public:
    using listener_base::listener_base;

    void testCaseStarting(Catch::TestCaseInfo const& test) override
    {
        listener_base::testCaseStarting(test);
        std::lock_guard const lock{name_mutex};
        name = test.name;
    }
    // A test case runs once for each of its innermost sections; its outermost section is itself.
    void sectionStarting(Catch::SectionInfo const& section) override
    {
        listener_base::sectionStarting(section);
        if (depth_++ == 0) {
            failed = false;
        }
    }
    void sectionEnded(Catch::SectionStats const& section) override
    {
        listener_base::sectionEnded(section);
        --depth_;
    }
    void assertionStarting(Catch::AssertionInfo const& /*assertion*/) override {}
    assertion_answer assertionEnded(Catch::AssertionStats const& assertion) override
    {
        if (!assertion.assertionResult.isOk()) {
            failed = true;
        }
        return heard();
    }
    void testCaseEnded(Catch::TestCaseStats const& test) override
    {
        listener_base::testCaseEnded(test);
        failed = false;
        std::lock_guard const lock{name_mutex};
        name.clear();
    }

private:
    int depth_ = 0;
};

} // namespace

void watch_tests()
{
    static Catch::ListenerRegistrar<listener> const registered
#ifdef SCHEMAGATE_CATCH2_V3
        {"schemagate"}
#endif
    ;
    static_cast<void>(registered);
}

bool test_has_failed() noexcept
{
    return failed;
}

std::string test_name()
{
    std::lock_guard const lock{name_mutex};
    return name;
}

} // namespace schemagate::testing
