#include "engine/policy_memo.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "iam/answer_memo.h"
#include "iam/managed_document.h"

namespace gabion::engine {

using eval::Kind;
using eval::Value;

namespace {

std::array<char, sizeof(std::size_t)> bytes_in(std::size_t number) {
  std::array<char, sizeof(number)> bytes{};
  std::memcpy(bytes.data(), &number, sizeof(number));
  return bytes;
}

/// About what things take, with what leads to them.
constexpr std::size_t kNode = 64;
std::size_t bytes_of(std::string_view text) {
  return text.size() + kNode;
}
std::size_t bytes_of(const std::vector<std::string>& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) {
    bytes += bytes_of(text);
  }
  return bytes;
}
std::size_t bytes_of(const iam::Proof& proof) {
  std::size_t bytes =
      sizeof(proof) + bytes_of(proof.because) + bytes_of(proof.absent) + bytes_of(proof.assumed) + kNode;
  for (const iam::Hole& hole : proof.holes) {
    bytes += sizeof(hole) + bytes_of(hole.name) + bytes_of(hole.prefix);
  }
  if (proof.witness) {
    bytes += bytes_of(proof.witness->principal) + bytes_of(proof.witness->action) + bytes_of(proof.witness->resource);
    for (const auto& [key, values] : proof.witness->context) {
      bytes += bytes_of(key) + kNode + bytes_of(values.values);
    }
  }
  return bytes;
}

}  // namespace

PolicyMemo::PolicyMemo() : answers_(std::make_unique<iam::AnswerMemo>()) {}
PolicyMemo::~PolicyMemo() = default;

std::size_t PolicyMemo::size_of(const Entry& entry) {
  return bytes_of(entry.answer.proof) + entry.symbols.size() * sizeof(entry.symbols[0]);
}

template <class T>
const T* PolicyMemo::known(Texts<T> Generation::*texts, std::string_view text) {
  if (const auto found = (new_.*texts).find(text); found != (new_.*texts).end()) {
    return &found->second;
  }
  const auto found = (old_.*texts).find(text);
  if (found == (old_.*texts).end()) {
    return nullptr;
  }
  new_.bytes += bytes_of(found->first) + size_of(found->second);
  return &(new_.*texts).insert((old_.*texts).extract(found)).position->second;
}

void PolicyMemo::make_room(std::size_t bytes) {
  constexpr std::size_t kMostBytes = std::size_t{2} * 1024 * 1024;
  if (new_.bytes + bytes > kMostBytes) {
    old_ = std::exchange(new_, {});
  }
  new_.bytes += bytes;
}

void PolicyQuestion::add_optional(const Value* value) {
  add(value == nullptr ? '-' : '+');
  if (value != nullptr) {
    add(*value);
  }
}

void PolicyQuestion::add_detail(const eval::StringDetail* detail) {
  if (detail == nullptr) {
    add('-');
    return;
  }
  add('+');
  add_number(detail->parts.size());
  for (const eval::Part& part : detail->parts) {
    add_text(part.text);
    if (detail->encoded == nullptr) {
      add_optional(part.value);
    } else {
      add(part.value == nullptr ? '-' : '+');  // it stands in what was encoded, in the same order
    }
  }
  add_optional(detail->encoded);
}

void PolicyQuestion::add_symbol(const eval::Symbol* symbol) {
  if (symbol == nullptr) {
    add('-');
    return;
  }
  add('+');
  constexpr unsigned kAlike = 4;  // bits at the end of each address
  const std::uint64_t hash = reinterpret_cast<std::uintptr_t>(symbol) >> kAlike;
  const std::optional<std::uint32_t> known =
      positions_.find(hash, [&](std::uint32_t place) { return symbols_[place] == symbol; });
  add_number(known.value_or(symbols_.size()));
  if (known) {
    return;
  }
  positions_.add(hash, static_cast<std::uint32_t>(symbols_.size()));
  symbols_.push_back(symbol);
  add(static_cast<char>(symbol->reason));
  add_text(symbol->text);
  // Both are parts of the text as a rule.
  const bool begins = symbol->text.starts_with(symbol->subject);
  const bool ends = symbol->text.ends_with(symbol->path);
  add(static_cast<char>((begins ? 1 : 0) + (ends ? 2 : 0)));
  if (begins) {
    add_number(symbol->subject.size());
  } else {
    add_text(symbol->subject);
  }
  if (ends) {
    add_number(symbol->path.size());
  } else {
    add_text(symbol->path);
  }
  const std::optional<iam::Text> resolved = reading_.resolve ? reading_.resolve(*symbol) : std::nullopt;
  add(resolved ? '+' : '-');
  if (resolved) {
    add_resolved(*resolved);
  }
}

void PolicyQuestion::add_resolved(const iam::Text& text) {
  add_number(text.segments().size());
  for (const iam::Segment& segment : text.segments()) {
    add(segment.is_hole ? '?' : '=');
    add_text(segment.text);
    if (segment.is_hole) {
      add_text(segment.hole->name);
      add_text(segment.hole->prefix);
      add(segment.hole->many ? 'm' : '1');
      add(segment.hole->literal ? 'l' : '*');
      add_symbol(segment.hole->symbol);
    }
  }
}

void PolicyQuestion::add_unknown(const Value& value) {
  const eval::Unknown& unknown = value.unknown();
  const eval::Unknown plain;
  const bool has_choice = unknown.choice != nullptr;
  const bool has_lengths = unknown.min_length != plain.min_length || unknown.max_length != plain.max_length;
  const bool has_bounds = unknown.at_least != nullptr || unknown.at_most != nullptr;
  const bool has_element = unknown.element != nullptr || unknown.element_key != nullptr;
  // Most unknowns are names and nothing else: which of the rest is there stands before it.
  std::size_t parts = 0;
  for (const bool part : {has_choice, unknown.not_null, unknown.filtered, value.detail() != nullptr, has_lengths,
                          has_bounds, has_element, !unknown.prefix.empty(), !unknown.alternatives.empty(),
                          !unknown.held.empty(), !unknown.entries.empty(), !unknown.members.empty()}) {
    parts = parts * 2 + (part ? 1 : 0);
  }
  add_symbol(unknown.symbol);
  add(static_cast<char>(value.node().type()->kind));
  add_number(parts);
  if (has_choice) {
    add_symbol(unknown.choice);
  }
  if (!unknown.prefix.empty()) {
    add_text(unknown.prefix);
  }
  if (has_lengths) {
    add_number(unknown.min_length);
    add_number(unknown.max_length);
  }
  if (has_bounds) {
    for (const eval::Number* const bound : {unknown.at_least, unknown.at_most}) {
      add_text(bound == nullptr ? std::string() : bound->to_string());
    }
  }
  if (has_element) {
    add_optional(unknown.element);
    add_optional(unknown.element_key);
  }
  const auto add_all = [&](const auto& items, const auto& add_item) {
    if (!items.empty()) {
      add_number(items.size());
      std::ranges::for_each(items, add_item);
    }
  };
  add_all(unknown.alternatives, [&](const Value& alternative) { add(alternative); });
  add_all(unknown.held, [&](const Value& element) { add(element); });
  add_all(unknown.entries, [&](const eval::Entry& entry) {
    add(entry.key);
    add(entry.value);
  });
  add_all(unknown.members, [&](const eval::Member& member) {
    add_text(member.name);
    add(member.value);
  });
  if (value.detail() != nullptr) {
    add_detail(value.detail());
  }
}

void PolicyQuestion::add(const Value& value) {
  add(static_cast<char>(value.kind()));
  add(static_cast<char>(value.marks()));
  switch (value.kind()) {
    case Kind::kError:
      add_text(value.error().message);
      return;
    case Kind::kUnknown:
      add_unknown(value);
      return;
    case Kind::kNull:
      return;
    case Kind::kBool:
      add(value.boolean() ? '1' : '0');
      return;
    case Kind::kNumber:
      add_text(eval::primitive_text(value));
      return;
    case Kind::kString:
      // Texts that were put together may be read by their parts.
      add_text(value.text());
      add_detail(value.detail());
      return;
    case Kind::kTuple:
    case Kind::kList:
    case Kind::kSet:
      add_number(value.elements().size());
      for (const Value& element : value.elements()) {
        add(element);
      }
      return;
    case Kind::kMap:
    case Kind::kObject:
      add(static_cast<char>(value.node().rest_kind));
      add_symbol(value.rest());
      add_number(value.members().size());
      for (const eval::Member& member : value.members()) {
        add_text(member.name);
        add(member.value);
      }
      return;
  }
}

void PolicyMemo::shorten(PolicyQuestion& question, std::size_t kept) {
  const std::string_view text = question.text().substr(kept);
  const std::uint64_t* number = known(&Generation::numbers, text);
  if (number == nullptr) {
    make_room(bytes_of(text) + size_of(given_));
    number = &new_.numbers.emplace(text, given_++).first->second;
  }
  // No value begins like that, see PolicyQuestion::add().
  constexpr char kNumbered = '#';
  static_assert(static_cast<int>(Kind::kObject) < kNumbered);
  const auto bytes = bytes_in(*number);
  std::string name(1, kNumbered);
  question.replace_from(kept, name.append(bytes.data(), bytes.size()));
}

std::optional<RememberedProof> PolicyMemo::find(const PolicyQuestion& question) {
  const Entry* const entry = known(&Generation::entries, question.text());
  if (entry == nullptr) {
    return std::nullopt;
  }
  RememberedProof answer = entry->answer;
  for (std::size_t i = 0; i < answer.proof.holes.size(); ++i) {
    if (const auto place = entry->symbols[i]) {
      answer.proof.holes[i].symbol = question.symbols()[*place];
    }
  }
  return answer;
}

void PolicyMemo::remember(const PolicyQuestion& question, const RememberedProof& answer) {
  Entry entry{.answer = answer, .symbols = {}};
  for (iam::Hole& hole : entry.answer.proof.holes) {
    const auto place = std::ranges::find(question.symbols(), hole.symbol);
    if (hole.symbol != nullptr && place == question.symbols().end()) {
      return;  // it hangs on something besides the question
    }
    entry.symbols.push_back(hole.symbol == nullptr
                                ? std::nullopt
                                : std::optional(static_cast<std::size_t>(place - question.symbols().begin())));
    hole.symbol = nullptr;
  }
  make_room(bytes_of(question.text()) + size_of(entry));
  new_.entries.emplace(std::string(question.text()), std::move(entry));
}

std::shared_ptr<const ReadQuestion> PolicyMemo::read(std::string_view name, bool known,
                                                     const std::function<ReadQuestion()>& make) {
  const auto read_once = [&] {
    ReadQuestion question = make();
    if (question.question) {
      question.question->assumptions.answers = answers_.get();
    }
    return std::make_shared<const ReadQuestion>(std::move(question));
  };
  if (!known) {
    return read_once();
  }
  auto place = read_.find(name);
  if (place == read_.end()) {
    // Most are those of rules, of which there are few; others name what is judged.
    constexpr std::size_t kMost = 1000;
    if (read_.size() == kMost) {
      read_.clear();
    }
    place = read_.emplace(name, read_once()).first;
  }
  return place->second;
}

std::shared_ptr<const PolicyMemo::Managed> PolicyMemo::managed(const std::string& arn) {
  if (const auto known = managed_.find(arn); known != managed_.end()) {
    return known->second;
  }
  std::shared_ptr<const Managed> made;
  if (const auto policy = aws::find_managed_policy(arn)) {
    made = std::make_shared<const Managed>(Managed{*policy, iam::read_managed_policy(*policy)});
  }
  return managed_.emplace(arn, std::move(made)).first->second;
}

}  // namespace gabion::engine
