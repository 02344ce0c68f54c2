#include <gtest/gtest.h>

#include "model/model.h"

namespace gabion::model {
namespace {

Resource named(std::string_view address, std::string_view type, ModuleId module, Mode mode = Mode::kManaged) {
  Resource resource;
  resource.address = address;
  resource.type = type;
  resource.module = module;
  resource.mode = mode;
  return resource;
}

TEST(Configuration, IndexesWhatWasAdded) {
  Configuration configuration{source::Limits{}};
  const ModuleId root = configuration.add(Module{});
  const ModuleId child = configuration.add(Module{});
  configuration.add(named("module.m.aws_a.x", "aws_a", child));
  configuration.add(named("aws_a.b", "aws_a", root));
  configuration.add(named("data.aws_a.d", "aws_a", root, Mode::kData));
  configuration.add(named("aws_a.a", "aws_a", root));
  configuration.freeze();

  ASSERT_EQ(configuration.resources().size(), 4U);
  EXPECT_EQ(configuration.resources()[0].address, "aws_a.b") << "by module, then as added";
  EXPECT_EQ(configuration.resources()[3].address, "module.m.aws_a.x");
  for (const Resource& resource : configuration.resources()) {
    EXPECT_EQ(&configuration.resource(resource.id), &resource);
    EXPECT_EQ(configuration.find(resource.address), &resource);
  }
  EXPECT_EQ(configuration.of_type("aws_a").size(), 3U);
  EXPECT_EQ(configuration.of_type("aws_a", Mode::kData).size(), 1U);
  EXPECT_TRUE(configuration.of_type("aws_b").empty());
  EXPECT_EQ(configuration.find("aws_a.none"), nullptr);
}

TEST(Configuration, FindsTheFirstOfDuplicates) {
  Configuration configuration{source::Limits{}};
  const ModuleId root = configuration.add(Module{});
  configuration.add(named("aws_a.a", "aws_a", root));
  configuration.add(named("aws_a.a", "aws_a", root));
  configuration.freeze();
  EXPECT_EQ(configuration.find("aws_a.a")->id, ResourceId{0});
  EXPECT_EQ(configuration.of_type("aws_a").size(), 2U);
}

TEST(Body, FindsAttributesByName) {
  const std::array<syntax::hcl::Attribute, 2> written{{{"a", nullptr, {}, {}}, {"b", nullptr, {}, {}}}};
  const std::array<Attribute, 2> attributes{attribute_of(written[0], {}), attribute_of(written[1], {})};
  Body body;
  body.attributes = attributes;
  EXPECT_EQ(body.attribute("b"), &attributes[1]);
  EXPECT_EQ(body.attribute("c"), nullptr);
}

}  // namespace
}  // namespace gabion::model
