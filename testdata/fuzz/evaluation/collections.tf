locals {
  list  = [for i, v in var.l : upper(v) if v != "" && i > 0]
  map   = { for k, v in merge(var.m, { a = 1 }) : "${k}-x" => v... if can(v.name) }
  sets  = setunion(toset(var.l), ["a", null], setproduct(var.l, ["b"])...)
  types = concat(tolist([]), [1, "2"], distinct(flatten([var.l, [var.s]])))
  find  = lookup(var.m, "a", element(keys(var.m), 1))
  text  = jsonencode({ (var.s) = var.l, b = try(var.o.a[0], var.o["x"], "none") })
  back  = jsondecode("{\"a\":[1,{\"b\":null}]}").a[1].b
  zip   = zipmap(["a", var.s], slice(var.l, 0, length(var.l)))
}
