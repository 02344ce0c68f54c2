// The evaluated model as texts that can be compared: what a fix changed in it, attribute by attribute. Taken while
// configurations are alive (AnalysisRequest::observe), so that they need not be kept.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fix.h"
#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// A difference of two models.
struct ModelDifference {
  std::string address;  ///< of the resource
  std::string type;     ///< of the resource, with "data." before those that are read
  std::string path;     ///< attribute path with indexes; empty: the whole resource
  std::string before;   ///< value as text; empty: not there
  std::string after;
};

/// All resources of all configurations of one analysis.
class ModelPicture {
 public:
  /// `artifacts`: those that the configuration was read from.
  void add(const model::Configuration& configuration, std::string_view environment,
           const source::ArtifactStore& artifacts);

  /// What differs, sorted by address and path, once for all configurations.
  [[nodiscard]] std::vector<ModelDifference> difference(const ModelPicture& after) const;

 private:
  struct Entry {
    std::string type;
    std::map<std::string, std::string> values;  ///< attribute path to text
  };
  /// By root directory and environment, then by address.
  std::map<std::string, std::map<std::string, Entry>> configurations_;
};

/// Is the difference one that the proposal declares?
[[nodiscard]] bool declared(const ModelDifference& difference, const FixProposal& proposal);

/// "aws_kms_key.k: enable_key_rotation: false -> true"
[[nodiscard]] std::string describe(const ModelDifference& difference);

}  // namespace gabion::engine
