//! Common given names and family names by culture, as people write them.

/// Bare words, so that a table stays a table.
macro_rules! names {
    ($($name:ident)*) => { &[$(stringify!($name)),*] };
}

macro_rules! weights {
    ($($name:ident $weight:literal)*) => { &[$((stringify!($name), $weight)),*] };
}

macro_rules! nicknames {
    ($($name:ident: $($nickname:literal)*;)*) => { &[$((stringify!($name), &[$($nickname),*])),*] };
}

pub(super) const ID_MALE: &[&str] = names![
    Muhammad Ahmad Agus Budi Andi Rizky Dimas Bambang Joko Eko Dwi Tri Hendra Hadi Slamet Wahyu
    Rudi Yusuf Arif Fajar Iwan Irfan Bayu Dedi Deni Doni Edi Ferry Galih Gunawan Hari Heru Ilham
    Imam Indra Kurniawan Lukman Made Wayan Nyoman Ketut Nur Rahmat Ridwan Robby Sandi Sigit
    Sugeng Suharto Supri Surya Taufik Teguh Toni Ujang Wawan Yanto Yoga Yohanes Fransiskus
    Stefanus Antonius Ivan Kevin Reza Rian Zainal Asep Cecep Dadang Maman Fauzan Hafiz Gilang Adi
    Aditya Anwar Aris Bagus Bima Cahyo Darma
];

pub(super) const ID_FEMALE: &[&str] = names![
    Siti Sri Dewi Ayu Rina Nurul Putri Indah Lestari Ratna Wulan Fitri Maya Ani Yuni Endang Retno
    Tuti Wati Nina Lina Dian Eka Ika Intan Kartika Mega Melati Novi Nia Rini Rosa Sari Sinta Susi
    Tika Titin Vina Winda Yanti Yuliana Zahra Aisyah Fatimah Khadijah Halimah Maria Kristina
    Elisabeth Agnes Theresia Bunga Citra Desi Erna Fina Gita Hani Ira Julia Kiki Laila Mira Nadia
    Okta Puspita Rahma Salsabila Tiara Umi Vera Wening
];

pub(super) const ID_LAST: &[&str] = names![
    Santoso Wijaya Saputra Setiawan Hidayat Nugroho Pratama Kusuma Susanto Wibowo Prasetyo Rahayu
    Lestari Permata Anggraini Utami Handayani Wulandari Rahman Hakim Siregar Nasution Simanjuntak
    Sitompul Hutapea Lubis Harahap Situmorang Manurung Tanjung Halim Gunawan Salim Tanoto Hartono
    Suryadi Sutanto Budiman Firmansyah Ramadhan Maulana Syahputra Purnomo Suharto Sudirman
    Mulyadi Mulyani Yulianti Kurniasih Suryani Astuti Suwandi Irawan Hermawan Darmawan Iskandar
    Fadillah Ananda Mahendra Wardana Subagyo Sulistyo Widodo Winarno Pangestu Laksono Mardiana
    Oktaviani Puspitasari Safitri Cahyani Damanik
];

pub(super) const VN_FAMILY: &[(&str, u32)] = weights![
    Nguyễn 38 Trần 11 Lê 9 Phạm 7 Hoàng 5 Huỳnh 3 Phan 4 Vũ 3 Võ 2 Đặng 2 Bùi 2 Đỗ 2 Hồ 2 Ngô 2
    Dương 1 Lý 1 Đinh 1 Trịnh 1 Mai 1 Cao 1
];

pub(super) const VN_MIDDLE_MALE: &[&str] = names![
    Văn Hữu Đức Minh Quốc Thanh Công Xuân Ngọc Gia Anh Hoàng Đình Trọng Tuấn Bá Duy Quang
];

pub(super) const VN_MIDDLE_FEMALE: &[&str] = names![
    Thị Ngọc Thanh Thu Mỹ Kim Bích Minh Phương Hồng Thùy Diệu Khánh Quỳnh Mai Lan Hoài Bảo
];

pub(super) const VN_MALE: &[&str] = names![
    An Anh Bình Cường Dũng Dương Đạt Đức Duy Giang Hải Hiếu Hòa Hoàng Hùng Hưng Huy Khang Khánh
    Khoa Kiên Lâm Long Lộc Minh Nam Nghĩa Nhân Phát Phong Phú Phúc Quân Quang Sơn Tài Tâm Tân
    Thắng Thành Thiện Thịnh Tiến Toàn Trí Trung Tú Tuấn Tùng Việt Vinh Vũ
];

pub(super) const VN_FEMALE: &[&str] = names![
    An Anh Ánh Châu Chi Cúc Diễm Dung Duyên Giang Hà Hân Hằng Hạnh Hiền Hoa Hồng Huệ Hương Huyền
    Lan Liên Linh Loan Ly Mai My Nga Ngân Ngọc Nhi Nhung Oanh Phương Phượng Quyên Quỳnh Tâm Thảo
    Thu Thủy Tiên Trang Trinh Trúc Tuyết Uyên Vân Vy Xuân Yến
];

pub(super) const EN_MALE: &[&str] = names![
    James Robert John Michael William David Richard Joseph Thomas Christopher Daniel Matthew
    Anthony Mark Steven Andrew Joshua Kenneth Edward Brian Ronald Timothy Jason Jeffrey Ryan
    Jacob
];

pub(super) const EN_FEMALE: &[&str] = names![
    Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Margaret Catherine
    Deborah Rebecca Laura Sharon Cynthia Amy Angela Rachel Emma Nicole Samantha Christine Janet
    Victoria
];

pub(super) const EN_LAST: &[&str] = names![
    Smith Johnson Williams Brown Jones Garcia Miller Davis Martinez Anderson Taylor Moore Jackson
    Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott
    Nguyen Hill Green Adams Baker Nelson Carter Mitchell Perez Murphy
];

pub(super) const CHINESE_FAMILY: &[&str] = names![
    Tan Lim Lee Ng Wong Ong Goh Chua Chan Koh Teo Ang Yeo Tay Ho Low Sim Chong Leong Foo
];

pub(super) const CHINESE_FIRST: &[&str] = names![
    Wei Jia Zhi Xin Mei Hui Jun Kai Li Siew Boon Chee Kok Yi Shu Yong Pei Soo
];

pub(super) const CHINESE_SECOND: &[&str] = names![
    Ming Hao Ling Yi Wen Xuan Jie Qi Hong Keong Seng Fong Ting Yan En Huat Leng Ying
];

pub(super) const MALAY_MALE: &[&str] = names![
    Mohd Ahmad Ismail Azman Hafiz Faizal Amir Rosli Zulkifli Hassan Aiman Syafiq Razak Kamal
];

pub(super) const MALAY_FEMALE: &[&str] = names![
    Siti Nur Aisyah Farah Noraini Rohana Zarina Aminah Hidayah Syafiqah Fatin Azizah Salmah
    Izzati
];

pub(super) const INDIAN_MALE: &[&str] = names![
    Rahul Amit Rajesh Suresh Vijay Anil Sanjay Arjun Ravi Manoj Deepak Kiran Vikram Ashok Mohan
    Prakash
];

pub(super) const INDIAN_FEMALE: &[&str] = names![
    Priya Anita Sunita Kavita Pooja Neha Lakshmi Divya Meena Rekha Shalini Asha Geeta Swati Radha
    Deepa
];

pub(super) const INDIAN_LAST: &[&str] = names![
    Sharma Kumar Singh Patel Reddy Gupta Iyer Nair Rao Das Mehta Joshi Verma Pillai Chopra Menon
];

pub(super) const BR_MALE: &[&str] = names![
    João José Antônio Francisco Carlos Paulo Pedro Lucas Luís Marcos Gabriel Rafael Márcio Fábio
    André Caio
];

pub(super) const BR_FEMALE: &[&str] = names![
    Maria Ana Francisca Antônia Adriana Juliana Márcia Fernanda Patrícia Aline Sandra Camila
    Letícia Vitória Luíza Cláudia
];

pub(super) const BR_LAST: &[&str] = names![
    Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins
    Carvalho Araújo Gonçalves
];

pub(super) const NICKNAMES: &[(&str, &[&str])] = nicknames![
    Muhammad: "Moh." "M."; Ahmad: "Amat"; Agus: "Gus"; Bambang: "Bams"; Rizky: "Kiki";
    Dimas: "Dim"; Wahyu: "Yuyu"; Fransiskus: "Frans"; Yohanes: "Yoh"; Stefanus: "Stef";
    Antonius: "Anton"; Yusuf: "Ucup"; Taufik: "Opik"; Ridwan: "Iwan"; Rahmat: "Mamat";
    Hendra: "Hen"; Aditya: "Adit"; Siti: "Iti"; Nurul: "Nur"; Dewi: "Wiwi"; Elisabeth: "Elis";
    Theresia: "Tere"; Kristina: "Tina"; Yuliana: "Yuli"; Fatimah: "Imah"; Kartika: "Tika";
    Salsabila: "Caca"; Puspita: "Pita"; Khadijah: "Dija"; Robert: "Bob"; William: "Bill";
    Richard: "Dick"; Michael: "Mike"; Joseph: "Joe"; Thomas: "Tom"; Christopher: "Chris";
    Daniel: "Dan"; Matthew: "Matt"; Anthony: "Tony"; Steven: "Steve"; Andrew: "Andy";
    Joshua: "Josh"; Kenneth: "Ken"; Edward: "Ted"; Patricia: "Pat"; Jennifer: "Jenny";
    Elizabeth: "Liz"; Susan: "Sue"; Jessica: "Jess"; Margaret: "Peggy"; Catherine: "Kate";
    Deborah: "Debbie"; Rebecca: "Becky"; Samantha: "Sam"; Christine: "Chris"; Victoria: "Vicky";
    Francisco: "Chico"; José: "Zé"; Antônio: "Toninho"; Francisca: "Chica"; Mohd: "Mat";
    Zulkifli: "Zul"; Hafiz: "Apis";
];

/// What people call themselves on a chat channel instead of a name.
pub(super) const ALIASES: &[&str] = &[
    "Bunda Aira",
    "Mama Kevin",
    "Ibunya Zafran",
    "Papa Nayla",
    "Toko Makmur",
    "Warung Barokah",
    "Olshop Cantik",
    "Mẹ Bắp",
    "Mẹ Su",
    "Bố Cún",
    "Shop Bé Yêu",
    "Tạp hóa Hoa",
    "Sunflower",
    "Queen",
    "Hamba Allah",
    "No Name",
    "Jomblo Happy",
    "Gió",
    "Xoài",
    "Lucky Star",
];

pub(super) const ID_MALE_TITLES: &[&str] = &["Pak", "Bapak", "Bpk.", "Mas", "H.", "Bang", "Om"];

pub(super) const ID_FEMALE_TITLES: &[&str] = &["Bu", "Ibu", "Mbak", "Hj.", "Kak", "Tante"];

pub(super) const VN_MALE_TITLES: &[&str] = names![
    Anh Chú Ông Bác
];

pub(super) const VN_FEMALE_TITLES: &[&str] = names![
    Chị Cô Bà Bác
];

pub(super) const EN_MALE_TITLES: &[&str] = &["Mr", "Mr.", "Dr."];

pub(super) const EN_FEMALE_TITLES: &[&str] = &["Mrs", "Ms", "Ms.", "Dr."];

pub(super) const BR_MALE_TITLES: &[&str] = &["Sr.", "Seu"];

pub(super) const BR_FEMALE_TITLES: &[&str] = &["Sra.", "Dona"];

/// Where the agent who saved the contact works.
pub(super) const TAGS: &[&str] = &["JKT", "Bandung", "SBY", "HN", "SG", "(member)", "VIP", "2"];

pub(super) const EMOJI: &[&str] = &["🌸", "❤️", "🙏", "✨", "🇮🇩", "🇻🇳", "😊", "👑", "🌻", "⚽"];
