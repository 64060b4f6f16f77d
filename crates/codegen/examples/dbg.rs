fn main(){ let p=std::env::args().nth(1).unwrap(); let v:serde_json::Value=serde_yaml::from_str(&std::fs::read_to_string(p).unwrap()).unwrap(); println!("{}",codegen::debug(&v)); }
