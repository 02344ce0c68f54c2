#include "cli/completions.h"

#include <algorithm>
#include <array>
#include <string>

namespace gabion::cli {
namespace {

constexpr std::array<std::string_view, 3> kShells = {"bash", "zsh", "fish"};
constexpr std::string_view kHeader =
    "completes gabion; written by `gabion completions`, which writes it anew for each version";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

/// In single quotes, as all three shells read it; a quote is closed, escaped and opened again.
std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return result + "'";
}

std::vector<std::string> option_names(const CommandEntry& command) {
  std::vector<std::string> names;
  for (const OptionEntry& option : command.options) {
    if (!option.positional) {
      names.push_back(option.name);
    }
  }
  return names;
}

/// Values of the first positional argument, when there are only so many.
std::vector<std::string> positional_choices(const CommandEntry& command) {
  for (const OptionEntry& option : command.options) {
    if (option.positional) {
      return option.choices;
    }
  }
  return {};
}

void write_bash(const std::vector<CommandEntry>& tree, std::ostream& out) {
  out << "# bash " << kHeader << "\n_gabion() {\n"
      << "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= words= i\n"
      << "  # An equals sign is a word of its own to bash.\n"
      << "  if [[ $current == = ]]; then\n    current=\n"
      << "  elif [[ $previous == = ]]; then\n    previous=${COMP_WORDS[COMP_CWORD-2]}\n  fi\n"
      << "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"$command/${COMP_WORDS[i]}\" in\n";
  for (const CommandEntry& command : tree) {
    for (const std::string& child : command.children) {
      out << "      " << shell_quoted(command.name + "/" + child)
          << ") command=" << shell_quoted(command.name.empty() ? child : command.name + " " + child) << " ;;\n";
    }
  }
  out << "    esac\n  done\n  case \"$command $previous\" in\n";
  for (const CommandEntry& command : tree) {
    for (const OptionEntry& option : command.options) {
      if (option.positional || option.value.empty()) {
        continue;
      }
      out << "    " << shell_quoted(command.name + " " + option.name) << ") ";
      if (option.choices.empty()) {
        out << "return ;;\n";  // files
      } else {
        out << "COMPREPLY=($(compgen -W " << shell_quoted(joined(option.choices)) << " -- \"$current\")); return ;;\n";
      }
    }
  }
  out << "  esac\n  case \"$command\" in\n";
  for (const CommandEntry& command : tree) {
    std::vector<std::string> words = option_names(command);
    words.insert(words.end(), command.children.begin(), command.children.end());
    const std::vector<std::string> choices = positional_choices(command);
    words.insert(words.end(), choices.begin(), choices.end());
    out << "    " << shell_quoted(command.name) << ") words=" << shell_quoted(joined(words)) << " ;;\n";
  }
  out << "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\ncomplete -o default -F _gabion gabion\n";
}

/// The description of an option within brackets of a zsh specification.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result;
}

std::string zsh_name(const std::string& command) {
  std::string name = "_gabion";
  for (const char c : command.empty() ? std::string() : " " + command) {
    name += c == ' ' ? '_' : c;
  }
  return name;
}

void write_zsh(const std::vector<CommandEntry>& tree, std::ostream& out) {
  out << "#compdef gabion\n# zsh " << kHeader << "\n\n";
  for (const CommandEntry& command : tree) {
    out << zsh_name(command.name) << "() {\n";
    if (!command.children.empty()) {
      out << "  local line state\n";
    }
    out << "  _arguments" << (command.children.empty() ? " -S" : " -C");
    for (const OptionEntry& option : command.options) {
      const std::string action = option.choices.empty() ? "_files" : "(" + joined(option.choices) + ")";
      out << " \\\n    ";
      if (option.positional) {
        out << shell_quoted("*:" + zsh_text(option.name) + ":" + action);
        continue;
      }
      std::string text = (option.repeatable ? "*" : "") + option.name + (option.value.empty() ? "" : "=") + "[" +
                         zsh_text(option.description) + "]";
      if (!option.value.empty()) {
        text += ":" + zsh_text(option.value) + ":" + action;
      }
      out << shell_quoted(text);
    }
    if (!command.children.empty()) {
      out << " \\\n    '1: :->command' \\\n    '*:: :->rest'\n  case $state in\n    command)\n      local -a "
             "commands=(\n";
      for (const std::string& child : command.children) {
        const std::string whole = command.name.empty() ? child : command.name + " " + child;
        const auto entry =
            std::find_if(tree.begin(), tree.end(), [&](const CommandEntry& other) { return other.name == whole; });
        out << "        " << shell_quoted(child + ":" + (entry == tree.end() ? std::string() : zsh_text(entry->description)))
            << "\n";
      }
      out << "      )\n      _describe command commands ;;\n    rest)\n      case $line[1] in\n";
      for (const std::string& child : command.children) {
        out << "        " << child << ") " << zsh_name(command.name.empty() ? child : command.name + " " + child)
            << " ;;\n";
      }
      out << "      esac ;;\n  esac\n";
    } else {
      out << "\n";
    }
    out << "}\n\n";
  }
  out << "if [[ $funcstack[1] == _gabion ]]; then\n  _gabion \"$@\"\nelse\n  compdef _gabion gabion\nfi\n";
}

/// In single quotes for fish, where a backslash escapes.
std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + "'";
}

/// The condition under which the completions of a command apply.
std::string fish_condition(const CommandEntry& command) {
  return " -n " + shell_quoted("test (__fish_gabion_command) = \"" + command.name + "\"");
}

void write_fish(const std::vector<CommandEntry>& tree, std::ostream& out) {
  out << "# fish " << kHeader << "\nfunction __fish_gabion_command\n  set -l command ''\n"
      << "  for word in (commandline -opc)[2..-1]\n    switch \"$command/$word\"\n";
  for (const CommandEntry& command : tree) {
    for (const std::string& child : command.children) {
      out << "      case " << fish_quoted(command.name + "/" + child) << "\n        set command "
          << fish_quoted(command.name.empty() ? child : command.name + " " + child) << "\n";
    }
  }
  out << "    end\n  end\n  echo \"$command\"\nend\n";
  for (const CommandEntry& command : tree) {
    const std::string condition = fish_condition(command);
    for (const std::string& child : command.children) {
      const std::string whole = command.name.empty() ? child : command.name + " " + child;
      const auto entry =
          std::find_if(tree.begin(), tree.end(), [&](const CommandEntry& other) { return other.name == whole; });
      out << "complete -c gabion -f" << condition << " -a " << child << " -d "
          << fish_quoted(entry == tree.end() ? std::string() : entry->description) << "\n";
    }
    for (const OptionEntry& option : command.options) {
      out << "complete -c gabion" << condition;
      if (option.positional) {
        if (option.choices.empty()) {
          out << " -F\n";
        } else {
          out << " -f -a " << fish_quoted(joined(option.choices)) << "\n";
        }
        continue;
      }
      out << " -l " << option.name.substr(2);
      if (!option.short_name.empty()) {
        out << " -s " << option.short_name.substr(1);
      }
      if (!option.value.empty()) {
        out << (option.choices.empty() ? " -r -F" : " -x -a " + fish_quoted(joined(option.choices)));
      }
      out << " -d " << fish_quoted(option.description) << "\n";
    }
  }
}

}  // namespace

std::span<const std::string_view> completion_shells() {
  return kShells;
}

bool write_completions(std::string_view shell, const std::vector<CommandEntry>& tree, std::ostream& out) {
  if (shell == "bash") {
    write_bash(tree, out);
  } else if (shell == "zsh") {
    write_zsh(tree, out);
  } else if (shell == "fish") {
    write_fish(tree, out);
  } else {
    return false;
  }
  return true;
}

}  // namespace gabion::cli
