// Social security numbers, and what looks like them.
#include "corpus.hpp"

std::vector<std::string> const& corpus::ssn()
{
    static std::vector<std::string> const all{
        // With hyphens and spaces, wherever people write them.
        "My SSN is «123-45-6789».",
        "ssn: «219-09-9999»",
        "SSN:«078-05-1120»",
        "_«078-05-1120»_",
        "it is __«078-05-1120»__.",
        "ssn=«457-55-5462»&name=Bob",
        "«123-45-6789»",
        "  «001-01-0001»  ",
        "(«212-09-7694»)",
        "[«212-09-7694»]",
        "\"«212-09-7694»\"",
        "'«212-09-7694»'",
        "social security number «523 45 6789» please",
        "my social is «523 45 6789»",
        "It is «665-99-9999».",
        "It is «667-01-0001», and «899-99-9998» is my wife's.",
        "{\"name\": \"Ann\", \"ssn\": \"«401-22-3344»\"}",
        "{ssn:«401-22-3344»}",
        "<ssn>«401-22-3344»</ssn>",
        "name,ssn,grade\nAnn,«401-22-3344»,7\nBob,«402-22-3344»,8\n",
        "Ann\t«401-22-3344»\t7",
        "Ann|«401-22-3344»|7",
        "Can you file my taxes? «401-22-3344»!",
        "Is «401-22-3344» valid?",
        "old «401-22-3344»; new «402-33-4455»",
        "SSN-«401-22-3344»",
        "SSN#«401-22-3344»",
        "SSN #«401-22-3344»",
        "#«401-22-3344»",
        "last, first, «401-22-3344», 1999-01-02",
        "DOB 01/02/1999 SSN «401-22-3344»",
        "«401-22-3344»/«402-22-3344»",
        "Mi número de seguro social es «401-22-3344».",
        "我的社会安全号码是«401-22-3344»，谢谢",
        "社会安全号«401-22-3344»谢谢",
        "Моя карта социального страхования «401-22-3344».",
        "a) «401-22-3344»\nb) «401-33-3344»",
        "1. «401-22-3344»\n2. «401-33-3344»",
        "Pay to «401-22-3344»...",
        "SSN «401 - 22 - 3344»",
        "SSN «401- 22- 3344»",
        "ssn «123-45 6789»",
        "12 «401-22-3344»",
        "«401-22-3344» 12",
        "student 7: «401 22 3344», 12 years",
        "«401 22 3344»\n«402 22 3344»\n",
        "7\t«401 22 3344»\t12",
        "7  «401 22 3344»  12",
        // Hidden from an expression that reads bytes.
        "My SSN is «123‑45‑6789».",                   // non-breaking hyphens
        "My SSN is «123–45–6789».",                   // en dashes, as a word processor makes them
        "My SSN is «123—45—6789».",                   // em dashes
        "My SSN is «123−45−6789».",                   // minus signs
        "My SSN is «１２３-４５-６７８９».",          // full width
        "My SSN is «１２３－４５－６７８９».",        // with full-width hyphens
        "My SSN is «𝟏𝟐𝟑-𝟒𝟓-𝟔𝟕𝟖𝟗».",                   // mathematical bold
        "My SSN is «①②③-④⑤-⑥⑦⑧⑨».",                   // circled
        "My SSN is «1\u200B23-45-6789».",             // zero-width space
        "My SSN is «123-\u200D45-\uFEFF6789».",       // joiner, byte order mark
        "My SSN is «12\u00AD3-45-67\u206089».",       // soft hyphen, word joiner
        "My SSN is \u202E«123-45-6789»\u202C.",       // bidi override
        "My SSN is «123\u00A045\u00A06789».",         // no-break spaces
        "My SSN is «123\u200945\u20096789».",         // thin spaces
        "My SSN is «123\n45\n6789».",                 // line breaks
        "My SSN is «123   45\t6789».",                // runs of white space
        "My SSN is «123-\n45-6789».",                 // broken after the hyphen
        "My SSN is «1\u03362\u03363\u0336-45-6789».", // struck through
        "My SSN is «1\uFE0F\u20E323-45-6789».",       // a keycap
        "My SSN is «123-45-678\x01"
        "9».", // a control character
        // Never issued.
        "SSN 000-12-3456",
        "SSN 666-12-3456",
        "SSN 900-12-3456",
        "SSN 999-99-9999",
        "SSN 987-65-4320",
        "SSN 123-00-4567",
        "SSN 123-45-0000",
        "SSN 000 00 0000",
        "SSN 666 12 3456",
        // Digits alone.
        "123456789",
        "id 401223344",
        "401223344.",
        // Part of something longer.
        "1123-45-6789",
        "123-45-67890",
        "123-45-6789-0",
        "0-123-45-6789",
        "978-12-3456-7",
        "878-12-3456-7",
        "123-45-6789.5",
        "1.123-45-6789",
        "A123-45-6789",
        "123-45-6789A",
        "x_123-45-6789",
        "123-45-6789_2",
        "INV-123-45-6789",
        "order AB-123-45-6789",
        "é123-45-6789",
        "1 123 45 6789",
        "123 45 6789 1",
        "100 123 45 6789 200",
        "٣123-45-6789", // another script's digit goes on with the number
        "123-45-6789٣",
        // Other groupings.
        "12-345-6789",
        "1234-56-789",
        "123-456-789",
        "123-4-56789",
        "12-3456789",
        "123--45--6789",
        "123.45.6789",
        "123/45/6789",
        "123,45,6789",
        "123_45_6789",
        "123:45:6789",
        "123 - - 45 6789",
        // Other scripts' digits are none of ours.
        "١٢٣-٤٥-٦٧٨٩",
        "१२३-४५-६७८९",
        "۱۲۳-۴۵-۶۷۸۹",
        // What students and programs write.
        "What is 123 - 45?",
        "Solve 123 - 45 = 78",
        "123-45=78",
        "Evaluate 500-20-100.",
        "call 415-555-0132",
        "on 2024-01-15 at 10:30",
        "01-15-2024",
        "15.01.2024",
        "ZIP 12345-6789",
        "EIN 12-3456789",
        "ISBN 978-3-16-148410-0",
        "ISBN 0-306-40615-2",
        "CAS 7732-18-5",
        "CAS 123456-78-9",
        "550e8400-e29b-41d4-a716-446655440000",
        "12345678-1234-1234-1234-123456789012",
        "4111-1111-1111-1111",
        "192.168.1.1",
        "10.0.123.45:6789",
        "$123 456 789",
        "1 234 567,89 €",
        "DE89 3704 0044 0532 0130 00",
        "GPS 40.7128, -74.0060",
        "order 112-4567890-1234567",
        "Matthew 12:34-45 and 67-89",
        "pp. 123-145, 6789",
        "for (i = 123; i < 45; i += 6789)",
        "[123, 45, 6789]",
        "x = 123 45",
        "v1.123.45-6789a",
        "https://example.com/2024/123-45/6789",
        "Chapter 3-45-67",
        "1-800-555-0199",
        "PN 123-45-678",
        "rgb(123, 45, 67)",
        "123-45-678",
        "The years 1914-18 and 1939-45",
        "sha1 123-45-6789abcdef",
    };
    return all;
}
