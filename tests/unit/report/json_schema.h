// A JSON Schema (draft 4 to 7) validator, as far as the schemas of SARIF and GitLab use the language. It refuses
// schemas with keywords that it does not know, so that nothing passes because it was not understood.
#pragma once

#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace gabion::report {

/// Collects what is wrong with a document, as "path: problem".
class SchemaValidator {
 public:
  explicit SchemaValidator(nlohmann::json schema) : root_(std::move(schema)) {}

  std::vector<std::string> validate(const nlohmann::json& document) {
    problems_.clear();
    check(document, root_, "");
    return problems_;
  }

 private:
  using Json = nlohmann::json;

  void problem(const std::string& path, const std::string& what) { problems_.push_back(path + ": " + what); }

  static bool has_type(const Json& value, const std::string& type) {
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) || (type == "number" && value.is_number()) ||
           (type == "null" && value.is_null());
  }

  const Json& resolve(const Json& schema) const {
    if (!schema.contains("$ref")) {
      return schema;
    }
    return root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
  }

  std::size_t count_matches(const Json& value, const Json& schemas) {
    std::size_t matches = 0;
    for (const Json& schema : schemas) {
      const std::vector<std::string> before = problems_;
      check(value, schema, "");
      matches += problems_.size() == before.size() ? 1 : 0;
      problems_ = before;
    }
    return matches;
  }

  void check(const Json& value, const Json& written, const std::string& path) {
    static const std::set<std::string> known = {"$schema",
                                                "title",
                                                "id",
                                                "description",
                                                "definitions",
                                                "$ref",
                                                "type",
                                                "properties",
                                                "enum",
                                                "items",
                                                "required",
                                                "uniqueItems",
                                                "minItems",
                                                "default",
                                                "minimum",
                                                "maximum",
                                                "format",
                                                "anyOf",
                                                "pattern",
                                                "additionalProperties",
                                                "$id",
                                                "const",
                                                "oneOf",
                                                "allOf",
                                                "self",
                                                "examples",
                                                "minLength",
                                                "maxLength",
                                                "patternProperties"};
    const Json& schema = resolve(written);
    for (const auto& [keyword, ignored] : schema.items()) {
      if (known.count(keyword) == 0) {
        problem(path, "the schema uses " + keyword + ", which this validator does not know");
      }
    }
    if (schema.contains("type")) {
      const Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
      bool fits = false;
      for (const Json& type : types) {
        fits = fits || has_type(value, type.get<std::string>());
      }
      if (!fits) {
        problem(path, "is not of type " + schema["type"].dump());
        return;
      }
    }
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
      problem(path, value.dump() + " is none of " + schema["enum"].dump());
    }
    if (schema.contains("const") && schema["const"] != value) {
      problem(path, value.dump() + " is not " + schema["const"].dump());
    }
    if (schema.contains("anyOf") && count_matches(value, schema["anyOf"]) == 0) {
      problem(path, "matches none of the alternatives");
    }
    if (schema.contains("oneOf") && count_matches(value, schema["oneOf"]) != 1) {
      problem(path, "does not match exactly one of the alternatives");
    }
    for (const Json& part : schema.value("allOf", Json::array())) {
      check(value, part, path);
    }
    if (value.is_number()) {
      if (schema.contains("minimum") && value.get<double>() < schema["minimum"].get<double>()) {
        problem(path, "is less than " + schema["minimum"].dump());
      }
      if (schema.contains("maximum") && value.get<double>() > schema["maximum"].get<double>()) {
        problem(path, "is more than " + schema["maximum"].dump());
      }
    }
    if (value.is_string()) {
      check_string(value.get<std::string>(), schema, path);
    }
    if (value.is_array()) {
      check_array(value, schema, path);
    }
    if (value.is_object()) {
      check_object(value, schema, path);
    }
  }

  void check_string(const std::string& text, const Json& schema, const std::string& path) {
    if (schema.contains("pattern") && !std::regex_search(text, std::regex(schema["pattern"].get<std::string>()))) {
      problem(path, "\"" + text + "\" does not match " + schema["pattern"].dump());
    }
    if (text.size() < schema.value("minLength", std::size_t{0}) ||
        text.size() > schema.value("maxLength", text.size())) {
      problem(path, "is too short or too long");
    }
    const std::string format = schema.value("format", "");
    static const std::regex reference("[A-Za-z0-9._~:/?#@!$&'()*+,;=%\\[\\]-]*");
    static const std::regex bad_escape("%(?![0-9A-Fa-f]{2})");
    static const std::regex scheme("^[A-Za-z][A-Za-z0-9+.-]*:");
    if (format == "uri" || format == "uri-reference") {
      if (!std::regex_match(text, reference) || std::regex_search(text, bad_escape) ||
          (format == "uri" && !std::regex_search(text, scheme))) {
        problem(path, "\"" + text + "\" is no " + format);
      }
    }
  }

  void check_array(const Json& value, const Json& schema, const std::string& path) {
    if (schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>()) {
      problem(path, "has too few items");
    }
    if (schema.value("uniqueItems", false)) {
      const std::set<Json> unique(value.begin(), value.end());
      if (unique.size() != value.size()) {
        problem(path, "has equal items");
      }
    }
    if (schema.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        check(value[i], schema["items"], path + "/" + std::to_string(i));
      }
    }
  }

  void check_object(const Json& value, const Json& schema, const std::string& path) {
    for (const Json& name : schema.value("required", Json::array())) {
      if (!value.contains(name.get<std::string>())) {
        problem(path, "has no " + name.dump());
      }
    }
    static const Json none = Json::object();
    const Json& properties = schema.contains("properties") ? schema["properties"] : none;
    const Json& patterns = schema.contains("patternProperties") ? schema["patternProperties"] : none;
    for (const auto& [name, member] : value.items()) {
      const std::string below = path + "/" + name;
      bool described = properties.contains(name);
      if (described) {
        check(member, properties[name], below);
      }
      for (const auto& [pattern, additional] : patterns.items()) {
        if (std::regex_search(name, std::regex(pattern))) {
          described = true;
          check(member, additional, below);
        }
      }
      if (described) {
        continue;
      }
      if (schema.contains("additionalProperties")) {
        const Json& additional = schema["additionalProperties"];
        if (additional.is_object()) {
          check(member, additional, below);
        } else if (!additional.get<bool>()) {
          problem(below, "is not allowed");
        }
      }
    }
  }

  Json root_;
  std::vector<std::string> problems_;
};

}  // namespace gabion::report
