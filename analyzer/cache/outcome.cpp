#include "cache/outcome.h"

namespace gabion::cache {

std::string encoded(const Outcome& outcome) {
  std::size_t texts = outcome.out.size() + outcome.err.size() + outcome.summary.size();
  for (const auto& [path, contents] : outcome.files) {
    texts += contents.size();
  }
  Writer writer;
  writer.expect(texts);
  writer.number(static_cast<std::uint64_t>(outcome.status));
  write(outcome.trace, writer);
  writer.text(outcome.out);
  writer.text(outcome.err);
  writer.text(outcome.summary);
  writer.number(outcome.files.size());
  for (const auto& [path, contents] : outcome.files) {
    writer.text(path);
    writer.text(contents);
  }
  writer.number(outcome.parts ? 1 : 0);
  if (outcome.parts) {
    writer.digest(*outcome.parts);
  }
  return writer.take();
}

std::optional<Outcome> decoded(std::string_view bytes) {
  constexpr std::uint64_t kMaxStatus = 255;
  Reader reader(bytes);
  Outcome outcome;
  const std::uint64_t status = reader.number();
  if (status > kMaxStatus) {
    return std::nullopt;
  }
  outcome.status = static_cast<int>(status);
  outcome.trace = read_trace(reader);
  outcome.out = reader.text();
  outcome.err = reader.text();
  outcome.summary = reader.text();
  for (std::size_t left = reader.count(2); left > 0; --left) {
    std::string path(reader.text());
    outcome.files.emplace_back(std::move(path), reader.text());
  }
  if (reader.number() == 1) {
    outcome.parts = reader.digest();
  }
  if (!reader.ended()) {
    return std::nullopt;
  }
  return outcome;
}

}  // namespace gabion::cache
