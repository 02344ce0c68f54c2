// Compiles facts/provider.facts into constant tables (provider_tables.h), so that the program reads no text when it
// starts. Usage: provider_factc OUTPUT.cpp PROVIDER.facts
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/provider_tables.h"

namespace gabion::aws {
namespace {

void put(std::string& out, std::size_t number, int bytes) {
  for (; bytes > 0; --bytes, number >>= 8U) {
    out += static_cast<char>(number & 0xFFU);
  }
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

class Compiler {
 public:
  bool line(const std::string& line) {
    const std::size_t blank = line.find(' ');
    const std::string word = line.substr(0, blank);
    const std::string rest = blank == std::string::npos ? std::string() : line.substr(blank + 1);
    if (word.empty() || word == "#") {
      return true;
    }
    if (word == "provider") {
      version_ = rest;
    } else if (word == "type") {
      put(types_, text(rest), 3);
      put(types_, rest.size(), 2);
    } else if (word == "body") {
      return body(rest);
    } else if (word == "resource" || word == "data") {
      std::string& out = word == "resource" ? resources_ : data_sources_;
      const std::vector<std::string> parts = split(rest, ' ');
      if (parts.size() != 2 || parts[0].size() > 255 || !parts[0].starts_with(kProviderTypePrefix)) {
        return false;
      }
      put(out, provider_type_order(parts[0]), 8);
      put(out, text(parts[0]), 3);
      put(out, parts[0].size(), 1);
      put(out, std::stoul(parts[1]), 2);
    } else {
      return false;
    }
    return true;
  }

  void write(std::ostream& out) const {
    out << "// Generated from facts/provider.facts; do not edit.\n#include \"aws/provider_tables.h\"\n\n"
           "namespace gabion::aws {\nnamespace {\nusing namespace std::string_view_literals;\n\n";
    bytes(out, "kVersion", version_);
    bytes(out, "kText", text_);
    bytes(out, "kNames", names_);
    bytes(out, "kTypes", types_);
    bytes(out, "kBodies", bodies_);
    bytes(out, "kBodyData", body_data_);
    bytes(out, "kResources", resources_);
    bytes(out, "kDataSources", data_sources_);
    out << "\n}  // namespace\n\nProviderTables provider_tables() {\n"
           "  return {kVersion, kText, kNames, kTypes, kBodies, kBodyData, kResources, kDataSources};\n}\n\n"
           "}  // namespace gabion::aws\n";
  }

 private:
  std::size_t text(const std::string& value) {
    const auto [known, fresh] = places_.try_emplace(value, text_.size());
    if (fresh) {
      text_ += value;
    }
    return known->second;
  }

  std::size_t name(const std::string& value) {
    const auto [known, fresh] = name_numbers_.try_emplace(value, name_numbers_.size());
    if (fresh) {
      put(names_, text(value), 3);
      put(names_, value.size(), 2);
    }
    return known->second;
  }

  bool body(const std::string& line) {
    std::string attributes;
    std::string blocks;
    std::size_t attribute_count = 0;
    std::size_t block_count = 0;
    for (const std::string& token : split(line, ' ')) {
      const std::vector<std::string> parts = split(token, ':');
      const std::size_t at = parts[0].find('@');
      if (at == std::string::npos && parts.size() == 3) {
        put(attributes, name(parts[0]), 2);
        put(attributes, std::stoul(parts[2]), 2);
        const auto has = [&](char flag) { return parts[1].find(flag) != std::string::npos; };
        put(attributes, (has('r') ? 1U : 0U) | (has('o') ? 2U : 0U) | (has('c') ? 4U : 0U), 1);
        ++attribute_count;
      } else if (at != std::string::npos && parts.size() == 4) {
        put(blocks, name(parts[0].substr(0, at)), 2);
        put(blocks, std::stoul(parts[0].substr(at + 1)), 2);
        const std::size_t nesting = std::string_view("1lsmg").find(parts[1]);
        put(blocks, nesting, 1);
        put(blocks, std::min(std::stoul(parts[2]), 255UL), 1);
        put(blocks, std::min(std::stoul(parts[3]), 255UL), 1);
        ++block_count;
      } else {
        return false;
      }
    }
    put(bodies_, body_data_.size(), 3);
    put(body_data_, attribute_count, 2);
    put(body_data_, block_count, 2);
    body_data_ += attributes + blocks;
    return true;
  }

  static void bytes(std::ostream& out, const char* name, const std::string& value) {
    out << "constexpr std::string_view " << name << " =\n    \"";
    std::size_t column = 0;
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (column > 100) {
        out << "\"\n    \"";
        column = 0;
      }
      if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '?') {
        out << c;
        ++column;
      } else {
        // Octal escapes end after three digits, whatever follows.
        out << '\\' << static_cast<char>('0' + (byte >> 6U)) << static_cast<char>('0' + ((byte >> 3U) & 7U))
            << static_cast<char>('0' + (byte & 7U));
        column += 4;
      }
    }
    out << "\"sv;\n";
  }

  std::string version_;
  std::string text_;
  std::string names_;
  std::string types_;
  std::string bodies_;
  std::string body_data_;
  std::string resources_;
  std::string data_sources_;
  std::map<std::string, std::size_t> places_;
  std::map<std::string, std::size_t> name_numbers_;
};

int run(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: provider_factc OUTPUT.cpp PROVIDER.facts\n";
    return 2;
  }
  Compiler compiler;
  std::ifstream in(argv[2]);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!compiler.line(line)) {
      std::cerr << argv[2] << ':' << number << ": error: this is no fact about the provider\n";
      return 1;
    }
  }
  std::ofstream out(argv[1], std::ios::binary);
  compiler.write(out);
  return out.good() ? 0 : 1;
}

}  // namespace
}  // namespace gabion::aws

int main(int argc, char** argv) {
  return gabion::aws::run(argc, argv);
}
