// How the facts about AWS lie in the program: tables of bytes without pointers, so that starting costs nothing. Written
// by the fact compiler (factc.cpp) while the project is built, read by fact_reader.h and what stands on it.
//
// Numbers are unsigned: LEB128 where nothing else is said, three bytes little-endian in tables ("offset"). A text is a
// row of word numbers that ends with 0. A list is a count and as many numbers. Key sets are lists of key numbers in
// rising order, each but the first as the difference to the one before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gabion::aws {

using FactBytes = std::string_view;

inline constexpr std::size_t kOffsetBytes = 3;
/// A service: offset of its texts, then the numbers of its first action, type and the places of its key sets.
inline constexpr std::size_t kServiceBytes = 3 + 2 + 2 + 3 + 3;

struct FactTables {
  FactBytes words;         ///< texts of words, one after another
  FactBytes word_places;   ///< offsets into words, and one more that ends the last; word 0 is empty
  FactBytes services;      ///< records, sorted by prefix, and one more that ends the last
  FactBytes service_data;  ///< per service: prefix, title
  FactBytes actions;       ///< offsets into action_data, sorted by service and name without case
  FactBytes action_data;   ///< per action: name, place in shapes
  FactBytes shapes;        ///< level, list of type * 2 + required, place of key set, list of dependent actions
  FactBytes types;         ///< offsets into type_data, by service
  FactBytes type_data;     ///< per type: name, ARN format, place of key set
  FactBytes keys;          ///< offsets into key_data, sorted by name without case
  FactBytes key_data;      ///< per key: name, type
  FactBytes key_sets;
  FactBytes policies;        ///< offsets into policy_data, sorted by path
  FactBytes policy_data;     ///< per policy: path, version, whether old, list of statements (see managed_policies.cpp)
  FactBytes policy_strings;  ///< offsets into policy_text, and one more that ends the last
  FactBytes policy_text;     ///< texts of policies, one after another: as they are, since most of a policy is read
};

/// The facts that are compiled in.
[[nodiscard]] const FactTables& fact_tables();

}  // namespace gabion::aws
