#include "eval/evaluator.h"
#include "eval/json_text.h"

namespace gabion::eval {

namespace {

void append(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kError:
      out += R"({"$error":)";
      append_json_string(out, value.error().message, false);
      out += '}';
      return;
    case Kind::kUnknown:
      out += R"({"$unknown":)";
      append_json_string(out, to_string(*value.node().type()), false);
      out += '}';
      return;
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kBool:
      out += value.boolean() ? "true" : "false";
      return;
    case Kind::kNumber:
      // JSON has no infinities; an exponent that no reader can hold says the same.
      out += value.number().is_infinite() ? (value.number().sign() < 0 ? "-1e99999" : "1e99999")
                                          : value.number().to_string();
      return;
    case Kind::kString:
      append_json_string(out, value.text(), false);
      return;
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kSet: {
      out += '[';
      bool first = true;
      for (const Value& element : value.elements()) {
        out += first ? "" : ",";
        first = false;
        append(out, element);
      }
      out += ']';
      return;
    }
    case Kind::kMap:
    case Kind::kObject: {
      out += '{';
      bool first = true;
      for (const Member& member : value.members()) {
        out += first ? "" : ",";
        first = false;
        append_json_string(out, member.name, false);
        out += ':';
        append(out, member.value);
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

std::string to_json(const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace gabion::eval
