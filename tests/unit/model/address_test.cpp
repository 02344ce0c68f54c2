#include "model/address.h"

#include <gtest/gtest.h>

namespace gabion::model {
namespace {

TEST(Address, NamesTheModuleOfAnInstance) {
  EXPECT_EQ(module_of("aws_kms_key.a"), "");
  EXPECT_EQ(module_of("module.a.aws_kms_key.a[0]"), "module.a");
  EXPECT_EQ(module_of("module.a[\"x.module.y]\\\"\"].module.b[0].t.n"), "module.a[\"x.module.y]\\\"\"].module.b[0]");
  EXPECT_EQ(module_of("module.a[\"open"), "module.a[\"open");
  EXPECT_EQ(module_of(""), "");
}

}  // namespace
}  // namespace gabion::model
