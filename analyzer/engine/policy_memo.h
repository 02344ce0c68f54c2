// Answers of the prover, remembered by what was asked: instances of one resource, and rules that ask alike, put the
// same question about the same policy again and again. Rule functions ask through it; it belongs to one configuration.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "engine/iam_functions.h"
#include "eval/value.h"

namespace gabion::engine {

/// Appends a text that is the same for values of which nothing that matters to a policy differs: what is known of them,
/// and which unknowns stand for the rest. Where they were written does not count.
void append_identity(const eval::Value& value, std::string& out);

/// An answer, or what is wrong with the question.
struct RememberedProof {
  iam::PolicyKind kind = iam::PolicyKind::kIdentity;
  iam::Proof proof;
  std::string error;
};

/// The answers of one configuration.
class PolicyMemo {
 public:
  /// The answer to a question, by the text that says all about it; `ask` finds it out when it is not known yet. What is
  /// returned stays until the next call.
  template <class Ask>
  const RememberedProof& remember(std::string question, Ask&& ask) {
    if (const auto known = answers_.find(question); known != answers_.end()) {
      return known->second;
    }
    // Large estates of which each policy differs gain nothing from keeping all of them.
    constexpr std::size_t kMaxBytes = std::size_t{32} * 1024 * 1024;
    if (bytes_ > kMaxBytes) {
      answers_.clear();
      bytes_ = 0;
    }
    bytes_ += question.size() + sizeof(RememberedProof);
    return answers_.emplace(std::move(question), ask()).first->second;
  }

 private:
  std::unordered_map<std::string, RememberedProof> answers_;
  std::size_t bytes_ = 0;
};

}  // namespace gabion::engine
