// Data as a person wrote it, whichever the notation: objects, lists and scalars of HCL expressions, of JSON files and
// of JSON text inside templates and strings as one kind of tree with byte-exact regions, and the edits of it. Called by
// the fixer; every edit keeps the notation, the layout and the comments of what stands around it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/fix_documents.h"
#include "engine/fix_escapes.h"
#include "engine/fix_module_facts.h"
#include "engine/fix_value.h"
#include "engine/known_tree.h"
#include "engine/layout.h"
#include "findings/finding.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "syntax/hcl/ast.h"
#include "syntax/json/ast.h"

namespace gabion::engine {

enum class Notation : std::uint8_t {
  kHcl,       ///< { Key = value } in an expression
  kJson,      ///< a JSON file
  kTemplate,  ///< JSON text in a heredoc, a template file or a string of a configuration: interpolations are possible
};

struct FixItem;

/// An object, a list, or a scalar. kOpaque: anything else (a reference, a call, a text with interpolations).
struct FixNode {
  enum class Kind : std::uint8_t { kObject, kList, kText, kPlain, kOpaque };
  Kind kind = Kind::kOpaque;
  source::Region region;
  std::string text;               ///< kText: its value; kPlain: as written
  std::vector<FixItem> items;     ///< kObject
  std::vector<FixNode> elements;  ///< kList

  [[nodiscard]] const FixItem* item(std::string_view key) const;
};

struct FixItem {
  std::string key;  ///< empty when it is computed
  source::Region key_region;
  source::Region region;
  std::shared_ptr<FixNode> value;  ///< never null
};

/// What was found at a region: the node, the nodes around it from the outside in, and the notation.
struct FixSpot {
  Notation notation = Notation::kHcl;
  const EscapedText* escaped = nullptr;  ///< of the string in which the data stands; null: in no such string
  const FixNode* root = nullptr;         ///< outermost data around it
  const FixNode* node = nullptr;
  std::vector<const FixNode*> around;  ///< root first; without the node itself
};

/// Outermost data.
struct FixTree {
  Notation notation = Notation::kHcl;
  FixNode root{};
  const EscapedText* escaped = nullptr;
};

/// Finds what stands at a region of a file, for edits to be made there. Files that nobody has a tree of are parsed. One
/// per analysis.
class FixSyntax {
 public:
  /// Gives a text file below the given paths, empty when there is none yet; null where none may be.
  using OpenText = std::function<const source::Artifact*(const std::string& path)>;

  /// What `known_tree` gives must last until the next make_room().
  explicit FixSyntax(const source::ArtifactStore& artifacts, OpenText open = {}, KnownTree known_tree = {})
      : artifacts_(artifacts), open_(std::move(open)), known_tree_(std::move(known_tree)) {}
  FixSyntax(const FixSyntax&) = delete;
  FixSyntax& operator=(const FixSyntax&) = delete;

  /// The object, list or scalar at exactly that region.
  [[nodiscard]] std::optional<FixSpot> find(source::Region region);
  /// Innermost object or list that holds the region.
  [[nodiscard]] std::optional<FixSpot> around(source::Region region);
  /// The outermost object or list that is all inside the region, when there is just one: text that was read through
  /// escapes is only known to be somewhere in it.
  [[nodiscard]] std::optional<FixSpot> within(source::Region region);
  /// The block whose header or whole region that is, with the blocks around it from the outside in; empty when there
  /// is none.
  [[nodiscard]] std::vector<const syntax::hcl::Block*> block(source::Region region);
  /// Directory of the module that an artifact is part of, outlines included.
  [[nodiscard]] static std::string module_directory(const source::Artifact& artifact);
  /// Top-level blocks of the files of a directory, or of the outline of a module.
  [[nodiscard]] std::vector<const syntax::hcl::Block*> blocks(std::string_view directory);
  /// The block of a file of the directory that declares that resource (`kind` "data": data source), whether or not it
  /// has instances, or that variable (`type` "variable"); null when there is none. Not of files in JSON.
  [[nodiscard]] const syntax::hcl::Block* declaration(std::string_view directory, std::string_view type,
                                                      std::string_view name, std::string_view kind = "resource");
  /// The same of all files.
  [[nodiscard]] bool declares(std::string_view directory, std::string_view type, std::string_view name,
                              std::string_view kind = "resource");
  /// Name of a data source of the type that the directory reads with just these arguments; empty when there is none.
  [[nodiscard]] const std::string& plain_data(std::string_view directory, std::string_view type,
                                              const std::vector<NewAttribute>& arguments);
  /// The last top-level block of that type in the files of the directory, those of a file that people give such blocks
  /// (variables.tf, providers.tf) before others; null when there is none.
  [[nodiscard]] const syntax::hcl::Block* last_block(std::string_view directory, std::string_view type);
  /// A text file that need not be there yet, or null.
  [[nodiscard]] const source::Artifact* text_file(const std::string& path) const {
    return open_ ? open_(path) : nullptr;
  }
  /// The tree of a file in HCL; null when something is wrong with it.
  [[nodiscard]] const syntax::hcl::Body* whole_tree(source::ArtifactId id);
  /// Forgets trees of others, and files when there are many; what was given is gone then.
  void make_room();
  /// Can edits be made in that file at all?
  [[nodiscard]] bool editable(source::Region region) const;
  /// What is known of the module in the directory, until its files are others.
  [[nodiscard]] ModuleFacts& facts(std::string_view directory);
  /// Documents that were written so far.
  [[nodiscard]] FixDocuments& documents() { return documents_; }

 private:
  struct File {
    source::Arena arena;
    const syntax::hcl::Body* body = nullptr;       ///< HCL files
    bool borrowed = false;                         ///< that is somebody else's
    bool whole = false;                            ///< nothing is wrong with it
    const syntax::hcl::Body* json_body = nullptr;  ///< configurations in JSON: what they declare, not for edits
    std::deque<source::Artifact> texts;            ///< of the strings in it
    std::deque<EscapedText> escaped;               ///< strings with data in them
    /// Outermost data of every expression of what stands at the top of the file, by where that begins. All of other
    /// files is one.
    std::map<std::uint32_t, std::vector<FixTree>> data;
  };
  [[nodiscard]] File& file(source::ArtifactId id);
  /// Outermost data in what stands at the top of the file and holds the region; in all of the file when nothing does.
  [[nodiscard]] std::vector<const FixTree*> data_at(source::Region region);
  /// Files of a directory that hold Terraform's own notation, or JSON.
  [[nodiscard]] const std::vector<source::ArtifactId>& files_of(std::string_view directory, bool json = false);
  [[nodiscard]] std::string find_plain_data(std::string_view directory, std::string_view type,
                                            const std::vector<NewAttribute>& arguments);
  /// Blocks of all files.
  [[nodiscard]] std::vector<const syntax::hcl::Block*> all_blocks(std::string_view directory);

  const source::ArtifactStore& artifacts_;
  OpenText open_;
  KnownTree known_tree_;
  source::Limits limits_;
  FixDocuments documents_;
  std::map<source::ArtifactId, std::unique_ptr<File>> files_;
  template <class T>
  using ByDirectory = std::unordered_map<std::string, T, source::TextHash, std::equal_to<>>;
  ByDirectory<std::vector<source::ArtifactId>> by_directory_;
  ByDirectory<std::vector<source::ArtifactId>> json_by_directory_;
  std::size_t sorted_ = 0;  ///< artifacts that are in these
  struct KnownModule {
    std::size_t files = 0;  ///< that there were
    std::unique_ptr<ModuleFacts> facts;
  };
  ByDirectory<KnownModule> modules_;
};

/// Is it the path of a configuration in JSON?
[[nodiscard]] bool is_json_configuration(std::string_view path);

/// Makes edits to data of one artifact. Each function appends to `edits`, or answers false and appends nothing.
class TreeEditor {
 public:
  TreeEditor(const source::Artifact& artifact, Notation notation, const EscapedText* escaped = nullptr)
      : artifact_(artifact),
        text_(escaped == nullptr ? artifact.bytes() : escaped->text()),
        notation_(notation),
        escaped_(escaped) {}
  /// For what was found there.
  TreeEditor(const source::ArtifactStore& artifacts, const FixSpot& spot)
      : TreeEditor(artifacts.get(spot.node->region.artifact), spot.notation, spot.escaped) {}

  /// Replaces a value.
  [[nodiscard]] bool replace(const FixNode& node, const FixValue& value, std::vector<findings::Edit>& edits) const;
  /// Adds a member before all others; at the end when there is none.
  [[nodiscard]] bool add_first(const FixNode& object, std::string_view key, const FixValue& value,
                               std::vector<findings::Edit>& edits) const;
  /// Adds a member at the end of an object.
  [[nodiscard]] bool add_member(const FixNode& object, std::string_view key, const FixValue& value,
                                std::vector<findings::Edit>& edits) const;
  /// Adds elements at the end of a list; a single value becomes a list first.
  [[nodiscard]] bool add_elements(const FixNode& list, const std::vector<FixValue>& values,
                                  std::vector<findings::Edit>& edits) const;
  /// Takes members out of an object, or elements out of a list, by position (ascending). What is left must not be
  /// nothing unless `may_empty`.
  [[nodiscard]] bool remove(const FixNode& container, const std::vector<std::size_t>& which,
                            std::vector<findings::Edit>& edits, bool may_empty = false) const;
  /// Renames a key.
  [[nodiscard]] bool rename(const FixItem& item, std::string_view key, std::vector<findings::Edit>& edits) const;

 private:
  using Edits = std::vector<findings::Edit>;
  /// Makes edits of the text in which the node stands, with its places there, and appends them as edits of the file.
  [[nodiscard]] bool edit(const FixNode& node, Edits& edits,
                          const std::function<bool(const FixNode& node, Edits& edits)>& make) const;
  // The same as above, by places in the text.
  [[nodiscard]] bool replace_here(const FixNode& node, const FixValue& value, Edits& edits) const;
  [[nodiscard]] bool add_first_here(const FixNode& object, std::string_view key, const FixValue& value,
                                    Edits& edits) const;
  [[nodiscard]] bool add_member_here(const FixNode& object, std::string_view key, const FixValue& value,
                                     Edits& edits) const;
  [[nodiscard]] bool add_elements_here(const FixNode& list, const std::vector<FixValue>& values, Edits& edits) const;
  [[nodiscard]] bool remove_here(const FixNode& container, const std::vector<std::size_t>& which, Edits& edits,
                                 bool may_empty) const;
  /// What goes before the "}" of the last element of [{ and new lines } when "}, {" comes to stand on its line:
  /// Terraform's formatter has that line in the column of what is inside. Nothing where it stays.
  [[nodiscard]] std::string shift_of_separators(const FixNode& list) const;
  [[nodiscard]] FixStyle style_at(std::size_t offset, const FixNode* container) const;
  [[nodiscard]] source::Region at(std::size_t begin, std::size_t end) const {
    return {artifact_.id(), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  const source::Artifact& artifact_;
  std::string_view text_;  ///< of the file, or of the string without its escapes
  Notation notation_;
  const EscapedText* escaped_;
};

}  // namespace gabion::engine
