// Quantities, expressions and the table of keys. Expected numbers are worked out by hand.
#include "core/description/Expression.h"
#include "core/description/Generate.h"
#include "core/description/SourceString.h"
#include "tests/unit/Snapshot.h"

#include "llvm/Support/JSON.h"

using namespace lathe;
using namespace lathe::test;

namespace {
struct Reader {
  Sources sources;
  Diagnostics diagnostics{sources};

  llvm::SMLoc at(llvm::StringRef text) { return sources.location(sources.add("text", text), 0); }
  std::optional<int64_t> quantity(llvm::StringRef text, Measure measure) {
    return parseQuantity(text, measure, "key", at(text), diagnostics);
  }
  std::optional<Linear> expression(llvm::StringRef text) {
    ExpressionScope scope;
    scope.number("DIM", 16);
    scope.number("spm.addresses", 4096);
    scope.variable("rows", 3);
    scope.variable("cols", 1);
    return parseExpression(text, at(text), scope, diagnostics);
  }
};
using Terms = std::vector<std::pair<unsigned, int64_t>>;
} // namespace

TEST_CASE("quantities are kept in the base of their unit") {
  Reader reader;
  CHECK(reader.quantity("256 KiB", Measure::Bytes) == 262144);
  CHECK(reader.quantity("3 MiB", Measure::Bytes) == 3145728);
  CHECK(reader.quantity("7 B", Measure::Bytes) == 7);
  CHECK(reader.quantity("16 B/cycle", Measure::BytesPerCycle) == 16);
  CHECK(reader.quantity("2 per cycle", Measure::PerCycle) == 2);
  CHECK(reader.quantity("1 cycle", Measure::Cycles) == 1);
  CHECK(reader.quantity("0 cycles", Measure::Cycles) == 0);
  CHECK(reader.quantity("1.5 GHz", Measure::Frequency) == 1500000000);
  CHECK(reader.quantity("0.25 kHz", Measure::Frequency) == 250);
  CHECK(reader.quantity("17", Measure::None) == 17);
  CHECK(!reader.diagnostics.hasErrors());
}

TEST_CASE("what is no quantity is refused") {
  Reader reader;
  for (llvm::StringRef text : {"", "-1 B", "1e3 B", "1 kB", "1 KIB", "256KiB extra", "1..5 KiB",
                               "0.3 B", "0x10 B", "9223372036854775808 B", "10000000000 GiB"})
    CHECK_MESSAGE(!reader.quantity(text, Measure::Bytes), text.str());
  for (llvm::StringRef text : {"1.0", "+1", "007", "1 B", "one"})
    CHECK_MESSAGE(!reader.quantity(text, Measure::None), text.str());
  CHECK(reader.diagnostics.errorCount() == 16);
}

TEST_CASE("a quantity is written in its shortest exact form") {
  CHECK(formatQuantity(262144, Measure::Bytes) == "256 KiB");
  CHECK(formatQuantity(1000, Measure::Bytes) == "1000 B");
  CHECK(formatQuantity(1, Measure::Cycles) == "1 cycle");
  CHECK(formatQuantity(2, Measure::Cycles) == "2 cycles");
  CHECK(formatQuantity(5, Measure::None) == "5");
}

TEST_CASE("expressions are linear in their variables") {
  Reader reader;
  auto value = reader.expression("2*(rows + 3) - cols*4 + DIM/3");
  REQUIRE(value);
  CHECK(value->base == 11); // 6 + 5
  CHECK(value->terms == Terms{{1, -4}, {3, 2}});
  CHECK(reader.expression("rows - rows")->isNumber());
  CHECK(reader.expression("(0 - 7) / 2")->base == -4); // rounds down
  CHECK(reader.expression("spm.addresses / DIM")->base == 256);
  CHECK(reader.expression(" 1 ")->base == 1);
  CHECK(!reader.diagnostics.hasErrors());
  for (llvm::StringRef text : {"", "rows rows", "1 +", "(1", "1)", "a$b", "08", "rows/rows"})
    CHECK_MESSAGE(!reader.expression(text), text.str());
  CHECK(!reader.expression(std::string(1000, '(')));
}

TEST_CASE("a TableGen string is found in its text, also when it is put together") {
  llvm::StringRef text = R"(let S = "ab" # x # "cd"; let T = "whole";)";
  SourceString joined(text, 4, "abXYcd");
  CHECK(!joined.verbatim());
  CHECK(joined.locate(0) == 9);
  CHECK(joined.locate(1) == 10);
  CHECK(!joined.locate(2)); // of x
  CHECK(!joined.locate(3));
  CHECK(joined.locate(5) == 21);
  CHECK(joined.locate(6) == 22); // the end
  CHECK(SourceString(text, 29, "whole").verbatim() == 34);
  CHECK(!SourceString(text, 29, "other").verbatim());
  CHECK(SourceString("S = [{x;}]", 0, "x;").verbatim() == 6);
}

TEST_CASE("every key has a parent, an example of its kind and a meaning") {
  for (const KeyTable *table : {&machineKeys(), &pluginKeys(), &projectKeys()})
    for (const Key &key : table->keys) {
      INFO(key.path.str());
      CHECK((key.parent().empty() || table->find(key.parent())));
      CHECK(!key.help.empty());
      Reader reader;
      if (key.kind == ValueKind::Quantity) {
        auto value = reader.quantity(key.example, key.measure);
        REQUIRE(value);
        CHECK((*value >= key.min && *value <= key.max));
      }
    }
}

TEST_CASE("the schemas and the reference of keys are current") {
  checkSnapshot("sdk/schema/machine-1.schema.json", jsonSchema(machineKeys()));
  checkSnapshot("sdk/schema/plugin-1.schema.json", jsonSchema(pluginKeys()));
  checkSnapshot("sdk/schema/project-1.schema.json", jsonSchema(projectKeys()));
  checkSnapshot("docs/reference/keys.md", keyReference());
}

TEST_CASE("a schema knows nested keys, names of one's own, and units") {
  auto schema = llvm::cantFail(llvm::json::parse(jsonSchema(machineKeys())));
  const auto *spaces = schema.getAsObject()->getObject("properties")->getObject("spaces");
  CHECK(spaces->getObject("properties")->getObject("host"));
  const auto *own = spaces->getObject("additionalProperties");
  REQUIRE(own);
  CHECK(own->getBoolean("additionalProperties") == false);
  const auto *capacity = own->getObject("properties")->getObject("capacity");
  CHECK(capacity->getString("pattern") == "^[1-9][0-9]* (B|KiB|MiB|GiB)$");
  CHECK((*own->getArray("required"))[0].getAsString() == "capacity");
}
