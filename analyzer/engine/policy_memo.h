// Answers of the prover, remembered by what was asked: instances of one resource, rules that ask alike, and roots that
// use the same modules put the same question about the same policy again and again. Rule functions ask through it; one
// serves all configurations of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aws/managed_policies.h"
#include "engine/iam_functions.h"
#include "eval/value.h"
#include "iam/document.h"
#include "source/hash.h"
#include "source/hash_index.h"
#include "source/key_bytes.h"

namespace gabion::iam {
class AnswerMemo;
}  // namespace gabion::iam

namespace gabion::engine {

/// A text that says all that an answer can hang on: what is known of the values asked about, which unknowns stand for
/// the rest, and what the configuration knows of these. Where the values were written does not count.
class PolicyQuestion {
 public:
  explicit PolicyQuestion(const iam::ReadOptions& reading) : reading_(reading) {}
  /// Goes on where another one, which was read in the same way, ends.
  PolicyQuestion(const PolicyQuestion& beginning, const iam::ReadOptions& reading)
      : reading_(reading), symbols_(beginning.symbols_), positions_(beginning.positions_) {
    bytes_.add_bytes(beginning.text());
  }

  void add(char what) { bytes_.add_byte(what); }
  void add(const eval::Value& value);

  [[nodiscard]] std::string_view text() const { return bytes_.view(); }
  /// Says what stands behind the first `kept` bytes in another way; `text` has to tell it from everything else.
  void replace_from(std::size_t kept, std::string_view text) {
    bytes_.cut(kept);
    bytes_.add_bytes(text);
  }
  /// The symbols in it, in order of appearance: the same text with other symbols is the same question about others.
  [[nodiscard]] const std::vector<const eval::Symbol*>& symbols() const { return symbols_; }

 private:
  void add_number(std::size_t number) { bytes_.add_number(number); }
  void add_text(std::string_view text) { bytes_.add_text(text); }
  void add_optional(const eval::Value* value);
  void add_detail(const eval::StringDetail* detail);
  void add_symbol(const eval::Symbol* symbol);
  void add_resolved(const iam::Text& text);
  void add_unknown(const eval::Value& value);

  const iam::ReadOptions& reading_;
  source::KeyBytes bytes_;
  std::vector<const eval::Symbol*> symbols_;
  source::HashIndex positions_;  ///< of symbols_
};

/// An answer, and the kind of policy that was asked about.
struct RememberedProof {
  iam::PolicyKind kind = iam::PolicyKind::kIdentity;
  iam::Proof proof;
};

/// The answers of one run, those that were asked for lately. Estates of which each policy differs gain nothing from
/// keeping all of them: when there are many new ones, the older of two generations goes.
class PolicyMemo {
 public:
  PolicyMemo();
  ~PolicyMemo();

  /// Gives what a question says behind its first `kept` bytes a number, the same for the same text: many questions are
  /// about one policy, and each policy is asked the same, so that neither is kept, hashed and compared each time.
  void shorten(PolicyQuestion& question, std::size_t kept = 0);
  /// The answer when the question was asked before, in terms of its own symbols.
  [[nodiscard]] std::optional<RememberedProof> find(const PolicyQuestion& question);
  void remember(const PolicyQuestion& question, const RememberedProof& answer);

  /// What a question reads as, which `name` stands for: rules ask the same of many policies. `known` says that all of
  /// it is: then it reads the same each time.
  [[nodiscard]] std::shared_ptr<const ReadQuestion> read(std::string_view name, bool known,
                                                         const std::function<ReadQuestion()>& make);

  /// Answers by what is left of policies when they are narrowed to what is asked.
  [[nodiscard]] iam::AnswerMemo& answers() { return *answers_; }

  /// A policy of AWS, and how it reads.
  struct Managed {
    aws::ManagedPolicy policy;
    iam::PolicyReading reading;
  };
  /// The policy of AWS with an ARN, null when there is none; read once.
  [[nodiscard]] std::shared_ptr<const Managed> managed(const std::string& arn);

 private:
  struct Entry {
    RememberedProof answer;                           ///< its holes without symbols
    std::vector<std::optional<std::size_t>> symbols;  ///< of the holes, by their place in the question
  };
  /// About what it takes.
  [[nodiscard]] static std::size_t size_of(const Entry& entry);
  [[nodiscard]] static std::size_t size_of(std::uint64_t number) { return sizeof(number); }

  /// At a fixed address: questions that were read refer to it.
  std::unique_ptr<iam::AnswerMemo> answers_;

  template <class T>
  using Texts = std::unordered_map<std::string, T, source::TextHash, std::equal_to<>>;
  struct Generation {
    Texts<Entry> entries;
    Texts<std::uint64_t> numbers;  ///< of texts
    std::size_t bytes = 0;
  };

  /// What is known of a text, which is new again then; null when nothing is.
  template <class T>
  [[nodiscard]] const T* known(Texts<T> Generation::*texts, std::string_view text);
  /// So many bytes are about to be added.
  void make_room(std::size_t bytes);

  Generation new_;
  Generation old_;
  std::uint64_t given_ = 0;  ///< numbers so far: none is given twice, whatever is forgotten
  std::unordered_map<std::string, std::shared_ptr<const ReadQuestion>, source::TextHash, std::equal_to<>> read_;
  std::unordered_map<std::string, std::shared_ptr<const Managed>> managed_;
};

}  // namespace gabion::engine
