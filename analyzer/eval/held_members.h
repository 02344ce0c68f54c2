// Which members an object or map surely has that is put together of parts which are not all known: what is written in
// braces with keys that are not known, what merge() makes. Internal to eval. Later parts win, as they do there; a
// member that a later part may replace is one of several values.
#pragma once

#include <map>
#include <span>
#include <string_view>

#include "eval/evaluation.h"

namespace gabion::eval {

class HeldMembers {
 public:
  /// The symbol is that of the whole; what picks the value of a member goes by its name below it.
  HeldMembers(const Symbol& whole, Context& context) : whole_(whole), context_(context) {}

  /// A key and a value; the key may be unknown.
  void add(const Entry& entry);
  /// All members of an object or map, known or not, or of what may be one. Null has none.
  void add_all(const Value& mapping);

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  /// Sorted by name, in the arena.
  [[nodiscard]] std::span<const Member> members() const;

 private:
  void put(const Member& member) { members_.insert_or_assign(member.name, member); }
  /// The member may have this value instead.
  void may_be(Member& member, const Value& other);
  /// What is known of the mapping may replace what was there.
  void may_replace(const Value& mapping);

  const Symbol& whole_;
  Context& context_;
  std::map<std::string_view, Member> members_;
};

}  // namespace gabion::eval
