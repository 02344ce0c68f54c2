#include "terraform/found_secrets.h"

#include <utility>
#include <vector>

namespace gabion::terraform {

const WrittenValues* FoundSecrets::known(const source::Artifact& artifact) {
  const auto same = by_text_.find(artifact.bytes());
  if (same == by_text_.end()) {
    return nullptr;
  }
  files_.emplace(artifact.path(), same->second);
  return same->second;
}

void FoundSecrets::look_at(const syntax::hcl::Body& body, const source::Artifact& artifact) {
  if (!body.attributes.empty()) {
    return;  // their names may be those of sensitive variables of other files
  }
  std::set<std::string_view> sensitive;
  add_sensitive_variables(body, sensitive);
  {
    const std::lock_guard lock(mutex_);
    if (known(artifact) != nullptr) {
      return;
    }
    sensitive_.insert(sensitive.begin(), sensitive.end());
  }
  source::Arena arena;
  WrittenValues values;
  const std::vector<secrets::Detector::Part> hints = detector_.hints(artifact.bytes());
  if (!hints.empty() || !sensitive.empty()) {
    values = written_secrets(body, artifact, {}, detector_, hints, arena);
  }
  const std::lock_guard lock(mutex_);
  if (known(artifact) != nullptr) {
    return;  // another thread was quicker
  }
  const WrittenValues* kept = &nothing_;
  if (!values.secrets.empty() || !values.hidden.empty()) {
    for (model::WrittenSecret& secret : values.secrets) {
      for (std::string_view* const text : {&secret.value, &secret.name, &secret.owner, &secret.what}) {
        *text = arena_.copy(*text);
      }
    }
    for (std::string_view& text : values.hidden) {
      text = arena_.copy(text);
    }
    kept = &found_.emplace_back(std::move(values));
  }
  by_text_.emplace(artifact.bytes(), kept);
  files_.emplace(artifact.path(), kept);
}

const WrittenValues* FoundSecrets::in(const source::Artifact& artifact) const {
  const auto found = files_.find(artifact.path());
  return found == files_.end() ? nullptr : found->second;
}

}  // namespace gabion::terraform
