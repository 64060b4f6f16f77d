//! A spec of 170 operations that has every construct: resources with the usual five operations, whose properties
//! change from one to the next, and single operations for what is rare.

/// How many operations the full spec has.
pub const OPERATIONS: usize = 170;

/// The single operations, and what all share.
const SINGLE: &str = include_str!("single.yaml");
/// The operations of a resource.
const PATHS: &str = include_str!("paths.yaml");
/// The schemas of a resource.
const SCHEMAS: &str = include_str!("schemas.yaml");

const RESOURCES: [&str; 28] = [
    "account",
    "budget",
    "card",
    "category",
    "challenge",
    "credential",
    "deposit",
    "document",
    "fee",
    "goal",
    "holding",
    "insight",
    "invoice",
    "loan",
    "location",
    "member",
    "merchant",
    "notification",
    "offer",
    "payment",
    "plan",
    "reward",
    "rule",
    "statement",
    "tag",
    "transaction",
    "transfer",
    "widget",
];

/// Properties that stand together. Each resource has three groups.
const GROUPS: [&str; 7] = [
    // Amounts, and the numbers of accounts by the names that they have everywhere.
    "
        balance: {type: number, nullable: true, example: 1000.25}
        interest_rate: {type: number, format: double, description: A rate in percent.}
        account_number: {type: string, nullable: true}
        routing_number: {type: string, example: '012345678'}
        transit_number: {type: string, nullable: true}
        currency_code: {type: string, nullable: true, example: USD}
        count: {type: integer, format: int32}
        largest: {type: integer, format: int64, nullable: true}",
    // Names, times and flags.
    "
        name: {type: string, nullable: true, description: 'What the customer calls it, such as `Savings`.'}
        external_guid: {type: string, format: uuid, nullable: true}
        created_at: {type: string, format: date-time}
        posted_on: {type: string, format: date, nullable: true}
        updated_at: {type: integer, description: Seconds since 1970.}
        is_hidden: {type: boolean, nullable: true}
        is_closed: {type: boolean}",
    // Enums: of the resource, shared, nullable, and with values that Rust spells otherwise.
    "
        state: {type: string, enum: [OPEN, CLOSED, FAILED]}
        shared_kind: {$ref: '#/components/schemas/Kind'}
        maybe_kind: {$ref: '#/components/schemas/MaybeKind'}
        odd: {type: string, nullable: true, enum: [error, Err, ok, none, '', '1', a-b, a_b, Self]}
        kinds: {type: array, items: {$ref: '#/components/schemas/Kind'}}
        level: {type: integer, enum: [1, 2], nullable: true}
        constant: {type: string, enum: [only]}",
    // Lists and maps.
    "
        tags: {type: array, items: {type: string, nullable: true}}
        amounts: {type: array, nullable: true, items: {type: number}}
        parts: {type: array, items: {type: object, properties: {label: {type: string}, share: {type: number}}}}
        labels: {type: object, additionalProperties: {type: string}}
        totals: {type: object, nullable: true, additionalProperties: {type: number, nullable: true}}
        grid: {type: array, items: {type: array, items: {type: integer}}}
        owners_by_name: {type: object, additionalProperties: {$ref: '#/components/schemas/Owner'}}",
    // Secrets by name and by format.
    "
        password: {type: string}
        access_token: {type: string, nullable: true}
        ssn: {type: string}
        hint: {type: string, format: password, nullable: true}
        secrets: {type: array, items: {type: string, format: password}}
        authorization_code: {type: string}
        oauth_window_uri: {type: string, nullable: true}
        widget_url: {type: string}",
    // Objects: shared, wrapped, nullable, merged, of itself, untyped.
    "
        owner: {$ref: '#/components/schemas/Owner'}
        payer: {allOf: [{$ref: '#/components/schemas/Owner'}], nullable: true, description: Who pays.}
        place: {$ref: '#/components/schemas/MaybePlace'}
        parent: {$ref: '#/components/schemas/Node'}
        merged: {allOf: [{$ref: '#/components/schemas/Owner'}, {type: object, properties: {share: {type: number}}}]}
        metadata: {description: Anything.}
        free: {type: object}
        bare: {type: array}",
    // Choices, directions and limits.
    "
        choice: {oneOf: [{type: string}, {type: integer}]}
        one_of_values: {oneOf: [{type: string, enum: [up]}, {type: string, enum: [down]}]}
        shape: {$ref: '#/components/schemas/Shape'}
        given: {type: string, readOnly: true}
        chosen: {type: string, writeOnly: true}
        short: {type: string, minLength: 1, maxLength: 8, pattern: '^[a-z]+$', default: abc}
        ratio: {type: number, minimum: 0, maximum: 1, exclusiveMaximum: true}
        user-name: {type: string}
        userName: {type: string}
        1st: {type: boolean}
        fn: {type: string}",
];

/// The full spec, as YAML.
pub fn full() -> String {
    let (head, components) = SINGLE.split_once("components:\n").expect("components");
    let mut spec = head.to_owned();
    for (index, name) in RESOURCES.iter().enumerate() {
        spec.push_str(&of_resource(PATHS, index, name));
    }
    spec.push_str("components:\n");
    spec.push_str(components);
    for (index, name) in RESOURCES.iter().enumerate() {
        spec.push_str(&of_resource(SCHEMAS, index, name));
    }
    spec
}

fn of_resource(template: &str, index: usize, name: &str) -> String {
    let groups: String = (0..3)
        .map(|more| GROUPS[(index + 2 * more) % GROUPS.len()])
        .collect();
    let plural = match name.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{name}s"),
    };
    let class = name[..1].to_uppercase() + &name[1..];
    let media_type = ["application/json", "application/vnd.mx.api.v1+json"][index % 2];
    template
        .replace("{{properties}}", groups.trim_start_matches('\n'))
        .replace("{{plural}}", &plural)
        .replace("{{name}}", name)
        .replace("{{Name}}", &class)
        .replace("{{media_type}}", media_type)
        .replace("{{prefix}}", &name[..3].to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::{OPERATIONS, full};

    #[test]
    fn it_has_as_many_operations_as_it_says() {
        assert_eq!(full().matches("operationId: ").count(), OPERATIONS);
    }
}
