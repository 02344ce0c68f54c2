// Answers remembered by what a question says. What is left of policies when they are narrowed to what a question is
// about is often the same: of principals with the same rights, of alternatives that differ elsewhere, of copies of a
// module. Answers are found here by answer() for whoever asks many questions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iam/question.h"
#include "source/hash.h"
#include "source/key_bytes.h"

namespace gabion::iam {

/// A text that says all that an answer can hang on, and which unknowns are in it, in order of appearance: the same text
/// with other symbols is the same question about these. Places do not count. Borrows the question.
class QuestionText {
 public:
  explicit QuestionText(const Question& question);

  [[nodiscard]] std::string_view text() const { return bytes_.view(); }
  [[nodiscard]] const std::vector<const Hole*>& holes() const { return holes_; }

 private:
  void add_byte(unsigned byte) { bytes_.add_byte(static_cast<char>(byte)); }
  void add_number(std::size_t number) { bytes_.add_number(number); }
  void add(std::string_view text) { bytes_.add_text(text); }
  void add(const Hole& hole);
  void add(const Text& text);
  void add(const std::vector<Text>& texts);
  void add(const std::vector<Identifier>& identifiers);
  void add(const Condition& condition);
  void add(const Statement& statement);
  void add(const PolicyDocument& document);
  void add(const Formula& formula);
  void add(const Assumptions& assumptions);

  static constexpr std::size_t kUsual = 2048;
  source::KeyBytes bytes_{kUsual};
  std::vector<const Hole*> holes_;
};

/// Keeps those that were asked for lately. Not thread-safe.
class AnswerMemo {
 public:
  /// The answer when the question was asked before, in terms of its own symbols.
  [[nodiscard]] std::optional<Proof> find(const QuestionText& question);
  void remember(const QuestionText& question, const Proof& answer);

 private:
  struct Entry {
    Proof answer;                                   ///< its holes without symbols
    std::vector<std::optional<std::size_t>> holes;  ///< of the answer, by their place in the question
  };
  using Entries = std::unordered_map<std::string, Entry, source::TextHash, std::equal_to<>>;

  /// When there are many new ones, the older of two generations goes.
  Entries new_;
  Entries old_;
  std::size_t new_bytes_ = 0;
};

}  // namespace gabion::iam
