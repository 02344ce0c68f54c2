#include "lsp/project_files.h"

#include <algorithm>

namespace gabion::lsp {
namespace {

template <class Answers, class Ask>
auto remembered(Answers& answers, const std::string& path, const Ask& ask) {
  const auto known = answers.find(path);
  return known != answers.end() ? known->second : answers.emplace(path, ask()).first->second;
}

}  // namespace

void RememberedFiles::forget() {
  texts_.clear();
  lists_.clear();
  states_.clear();
  canonical_.clear();
}

source::Expected<std::string> RememberedFiles::read(const std::string& path, std::uint64_t max_bytes) const {
  const std::string whole = source::join_path(directory_, path);
  // What was refused for its size may be asked for with another limit.
  const auto known = texts_.find(whole);
  if (known != texts_.end() && known->second && known->second->size() <= max_bytes) {
    return *known->second;
  }
  auto text = disk_.read(whole, max_bytes);
  if (text) {
    texts_.insert_or_assign(whole, text);
  }
  return text;
}

source::Expected<std::vector<source::Entry>> RememberedFiles::list(const std::string& path) const {
  const std::string whole = source::join_path(directory_, path);
  return remembered(lists_, whole, [&] { return disk_.list(whole); });
}

source::Expected<source::Status> RememberedFiles::status(const std::string& path) const {
  const std::string whole = source::join_path(directory_, path);
  return remembered(states_, whole, [&] { return disk_.status(whole); });
}

source::Expected<std::string> RememberedFiles::canonical(const std::string& path) const {
  const std::string whole = source::join_path(directory_, path);
  return remembered(canonical_, whole, [&] { return disk_.canonical(whole); });
}

void RecordedFiles::note(Question question) const {
  std::string answer = question(*base_);
  answers_.emplace_back(std::move(question), std::move(answer));
}

bool RecordedFiles::same_in(const source::FileSystem& other) const {
  return std::all_of(answers_.begin(), answers_.end(),
                     [&](const auto& answer) { return answer.first(other) == answer.second; });
}

source::Expected<std::string> RecordedFiles::read(const std::string& path, std::uint64_t max_bytes) const {
  note([path, max_bytes](const source::FileSystem& files) {
    const auto text = files.read(path, max_bytes);
    return text ? "text:" + *text : "error:" + text.error().message;
  });
  return base_->read(path, max_bytes);
}

source::Expected<std::vector<source::Entry>> RecordedFiles::list(const std::string& path) const {
  note([path](const source::FileSystem& files) {
    const auto entries = files.list(path);
    std::string names = entries ? "entries:" : "error:";
    for (const source::Entry& entry : entries ? *entries : std::vector<source::Entry>()) {
      names += std::to_string(static_cast<int>(entry.kind)) + entry.name + "/";
    }
    return names;
  });
  return base_->list(path);
}

source::Expected<source::Status> RecordedFiles::status(const std::string& path) const {
  note([path](const source::FileSystem& files) {
    const auto status = files.status(path);
    return status ? std::to_string(static_cast<int>(status->kind)) : std::string();
  });
  return base_->status(path);
}

source::Expected<std::string> RecordedFiles::canonical(const std::string& path) const {
  note([path](const source::FileSystem& files) {
    const auto real = files.canonical(path);
    return real ? *real : std::string();
  });
  return base_->canonical(path);
}

}  // namespace gabion::lsp
