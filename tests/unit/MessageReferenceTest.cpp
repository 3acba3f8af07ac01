// The page of messages, from the one table of them.
#include "core/support/MessageReference.h"
#include "tests/unit/Snapshot.h"

#include <set>

using namespace lathe;
using namespace lathe::test;

TEST_CASE("the reference of messages is current") {
  checkSnapshot("docs/reference/messages.md", messageReference());
}

TEST_CASE("every message has one heading, in an area with a name") {
  std::string page = messageReference();
  std::set<std::string> seen;
  for (const MessageInfo &info : allMessages()) {
    INFO(info.code.str());
    CHECK(seen.insert(info.code.str()).second);
    CHECK(page.find("### " + info.code.str() + "\n") != std::string::npos);
    CHECK(!messageArea(info.code).empty());
  }
}

TEST_CASE("what a message names is shown as dots") {
  CHECK(readablePattern("'{0}' has {1} bytes") == "'...' has ... bytes");
  CHECK(readablePattern("{{capacity: {0}}") == "{capacity: ...}");
  CHECK(readablePattern("{not an argument} {0") == "{not an argument} {0");
}
