variable "ingress" {
  description = "Ports that are reachable, by name."
  type = map(object({
    port  = number
    cidrs = optional(list(string), ["10.0.0.0/8"])
  }))
  default = {
    https = { port = 443 }
  }

  validation {
    condition     = alltrue([for rule in values(var.ingress) : rule.port > 0 && rule.port < 65536])
    error_message = "A port lies between 1 and 65535."
  }
}

data "aws_vpc" "main" {
  default = false

  filter {
    name   = "tag:Name"
    values = ["main"]
  }
}

resource "aws_security_group" "web" {
  name_prefix = "web-"
  vpc_id      = data.aws_vpc.main.id

  dynamic "ingress" {
    for_each = var.ingress
    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.cidrs
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_instance" "web" {
  count = length(data.aws_availability_zones.all.names)

  ami                    = data.aws_ami.linux.id
  instance_type          = count.index == 0 ? "t3.large" : "t3.micro"
  vpc_security_group_ids = [aws_security_group.web.id]
  availability_zone      = data.aws_availability_zones.all.names[count.index]

  root_block_device {
    encrypted   = true
    kms_key_id  = one(aws_kms_key.disk[*].arn)
    volume_size = 20
  }
}

output "addresses" {
  value     = { for instance in aws_instance.web : instance.id => instance.private_ip }
  sensitive = !var.show
}
