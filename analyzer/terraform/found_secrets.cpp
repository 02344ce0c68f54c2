#include "terraform/found_secrets.h"

#include <utility>
#include <vector>

namespace gabion::terraform {

const WrittenValues* FoundSecrets::known(const source::Artifact& artifact) {
  const auto same = by_text_.find(&artifact);
  if (same == by_text_.end()) {
    return nullptr;
  }
  files_.emplace(artifact.path(), same->second);
  return same->second;
}

bool FoundSecrets::look_at(const syntax::hcl::Body& body, const source::Artifact& artifact,
                           std::set<std::string>& sensitive) {
  if (!body.attributes.empty()) {
    return false;  // their names may be those of sensitive variables of other files
  }
  std::set<std::string_view> declared;
  add_sensitive_variables(body, declared);
  sensitive.insert(declared.begin(), declared.end());
  {
    const std::lock_guard lock(mutex_);
    if (const WrittenValues* const same = known(artifact)) {
      return same == &nothing_;
    }
    sensitive_.insert(declared.begin(), declared.end());
  }
  source::Arena arena;
  WrittenValues values;
  const std::vector<secrets::Detector::Part> hints = detector_.hints(artifact.bytes());
  if (!hints.empty() || !declared.empty()) {
    values = written_secrets(body, artifact, {}, detector_, hints, arena);
  }
  const std::lock_guard lock(mutex_);
  if (const WrittenValues* const same = known(artifact)) {
    return same == &nothing_;  // another thread was quicker
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
  by_text_.emplace(&artifact, kept);
  files_.emplace(artifact.path(), kept);
  return kept == &nothing_;
}

void FoundSecrets::recall_harmless(const source::Artifact& artifact) {
  const std::lock_guard lock(mutex_);
  files_.emplace(artifact.path(), &nothing_);
}

void FoundSecrets::recall_sensitive(const std::set<std::string>& names) {
  const std::lock_guard lock(mutex_);
  sensitive_.insert(names.begin(), names.end());
}

void FoundSecrets::add_texts(const std::set<std::string>& paths) {
  const std::lock_guard lock(mutex_);
  texts_.insert(paths.begin(), paths.end());
}

const WrittenValues* FoundSecrets::in(const source::Artifact& artifact) const {
  const auto found = files_.find(artifact.path());
  return found == files_.end() ? nullptr : found->second;
}

}  // namespace gabion::terraform
