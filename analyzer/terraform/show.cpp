#include "terraform/show.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "terraform/body_evaluation.h"
#include "terraform/redaction.h"
#include "terraform/resource_facts.h"

namespace gabion::terraform {
namespace {

using eval::Value;

std::string quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xfU];
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// Values that are not known as a whole have no place in `values`; like Terraform's plans, `unknown` names them.
bool is_shown(const Value& value) {
  return !value.is_error() && !value.is_unknown();
}

bool is_invalid(const Value& value) {
  return value.is_error() || (value.is_unknown() && value.unknown().symbol->reason == eval::Reason::kInvalid);
}

/// Paths of the unknowns inside, "ingress[0].cidr_blocks". Depth is that of values, which the evaluator bounds.
void unknown_paths(const Value& value, const std::string& path, std::vector<std::string>& out) {
  if (value.is_unknown() || value.is_error()) {
    out.push_back(path);
  } else if (value.is_sequence()) {
    std::size_t index = 0;
    for (const Value& element : value.elements()) {
      unknown_paths(element, path + "[" + std::to_string(index++) + "]", out);
    }
  } else if (value.is_mapping()) {
    for (const eval::Member& member : value.members()) {
      unknown_paths(member.value, path.empty() ? std::string(member.name) : path + "." + std::string(member.name), out);
    }
  }
}

/// Members of the object that expressions see, and the attributes that are written but null.
std::map<std::string_view, Value> values_of(const model::Resource& resource, eval::Context context) {
  std::map<std::string_view, Value> values;
  for (const model::Attribute& attribute : resource.body->attributes) {
    if (attribute.value.is_null() || resource.symbol == nullptr) {
      values.emplace(attribute.name(), attribute.value);
    }
  }
  if (resource.symbol != nullptr) {
    const ResourceFacts& facts = facts_of(*resource.symbol);
    for (const eval::Member& member :
         object_of(*resource.body, facts.computed(), *resource.symbol, context).members()) {
      values.emplace(member.name, member.value);
    }
  }
  return values;
}

void write_resource(const model::Resource& resource, const model::Configuration& configuration,
                    std::string_view environment, const source::ArtifactStore& artifacts,
                    const secrets::Redactor* redactor, std::ostream& out) {
  const source::Artifact& artifact = artifacts.get(resource.header.artifact);
  out << "{\"address\":" << quoted(resource.address) << ",\"type\":" << quoted(resource.type) << ",\"mode\":\""
      << (resource.mode == model::Mode::kData ? "data" : "managed")
      << "\",\"module\":" << quoted(configuration.module(resource.module).address)
      << ",\"file\":" << quoted(artifact.path()) << ",\"line\":" << artifact.lines().line(resource.header.begin)
      << ",\"certain\":" << (resource.certain ? "true" : "false");
  if (!environment.empty()) {
    out << ",\"environment\":" << quoted(environment);
  }
  out << ",\"values\":{";
  std::vector<std::string> unknown;
  bool first = true;
  for (const auto& [name, whole] : values_of(resource, configuration.context())) {
    const Value value =
        redactor == nullptr ? whole : shown_value(whole, name, *redactor, configuration.context().arena);
    unknown_paths(value, std::string(name), unknown);
    if (is_shown(value)) {
      out << (first ? "" : ",") << quoted(name) << ":" << eval::to_json(value);
      first = false;
    }
  }
  out << "},\"unknown\":[";
  first = true;
  for (const std::string& path : unknown) {
    out << (first ? "" : ",") << quoted(path);
    first = false;
  }
  out << "]}";
}

/// The reason inside a value that says most about the analysis: a feature that it lacks, a limit or an error rather
/// than what nobody can know before apply. Depth is that of values, which the evaluator bounds.
const eval::Symbol* worst_unknown(const Value& value) {
  if (!value.is_sequence() && !value.is_mapping()) {
    return eval::first_unknown(value);
  }
  const eval::Symbol* worst = nullptr;
  const auto consider = [&](const Value& inner) {
    const eval::Symbol* symbol = inner.node().holds_unknown ? worst_unknown(inner) : nullptr;
    if (symbol != nullptr && (worst == nullptr || symbol->reason > worst->reason)) {
      worst = symbol;
    }
  };
  if (value.is_sequence()) {
    std::for_each(value.elements().begin(), value.elements().end(), consider);
  } else {
    for (const eval::Member& member : value.members()) {
      consider(member.value);
    }
  }
  return worst != nullptr ? worst : eval::first_unknown(value);
}

void count(const Value& value, ReasonCounts& counts) {
  if (value.is_error()) {
    ++counts.unknown[static_cast<std::size_t>(eval::Reason::kInvalid)];
    return;
  }
  const eval::Symbol* symbol = value.node().holds_unknown ? worst_unknown(value) : nullptr;
  if (symbol == nullptr) {
    ++counts.known;
  } else {
    ++counts.unknown[static_cast<std::size_t>(symbol->reason)];
  }
}

void count(const model::Body& body, ReasonCounts& counts) {
  for (const model::Attribute& attribute : body.attributes) {
    count(attribute.value, counts);
  }
  for (const model::Block& block : body.blocks) {
    count(*block.body, counts);
  }
}

}  // namespace

void write_show_json(const model::Configuration& configuration, const source::ArtifactStore& artifacts,
                     std::ostream& out) {
  const Shown one{&configuration, {}};
  write_show_json(std::span<const Shown>(&one, 1), artifacts, out);
}

void write_show_json(std::span<const Shown> configurations, const source::ArtifactStore& artifacts, std::ostream& out,
                     const secrets::Redactor* redactor) {
  out << "{\"resources\":[";
  bool first = true;
  for (const auto& [configuration, environment] : configurations) {
    for (const model::Resource& resource : configuration->resources()) {
      out << (first ? "\n" : ",\n");
      first = false;
      write_resource(resource, *configuration, environment, artifacts, redactor, out);
    }
  }
  out << "],\n\"outputs\":{";
  std::map<std::string_view, Value> outputs;
  for (const auto& [configuration, environment] : configurations) {
    if (!configuration->modules().empty()) {
      for (const auto& [name, value] : configuration->modules().front().outputs) {
        outputs.emplace(
            name, redactor == nullptr ? value : shown_value(value, name, *redactor, configuration->context().arena));
      }
    }
  }
  first = true;
  for (const auto& [name, value] : outputs) {
    if (!is_invalid(value)) {
      out << (first ? "" : ",") << quoted(name) << ":" << eval::to_json(value);
      first = false;
    }
  }
  out << "}}\n";
}

ReasonCounts count_reasons(const model::Configuration& configuration) {
  ReasonCounts counts;
  for (const model::Resource& resource : configuration.resources()) {
    count(*resource.body, counts);
  }
  return counts;
}

}  // namespace gabion::terraform
