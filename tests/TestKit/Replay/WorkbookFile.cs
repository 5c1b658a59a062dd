using System.IO.Compression;
using System.Text;

namespace Streaming.TestKit.Replay;

/// <summary>Writes small Excel workbooks: the parts that every reader needs, cells given as their XML.</summary>
public static class WorkbookFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>A text cell.</summary>
    public static string Text(string text) => $"<c t=\"inlineStr\"><is><t>{System.Security.SecurityElement.Escape(text)}</t></is></c>";

    /// <summary>A cell that refers to a shared string.</summary>
    public static string Shared(int index) => $"<c t=\"s\"><v>{index}</v></c>";

    /// <summary>A number cell; style 1 is a date, 2 date and time, 3 time.</summary>
    public static string Number(string number, int style = 0) => $"<c s=\"{style}\"><v>{number}</v></c>";

    public static string Empty => "<c/>";

    /// <summary>Writes a workbook; each sheet is rows of cells.</summary>
    public static void Write(string path, string[] shared, params (string Name, string[][] Rows)[] sheets) =>
        Write(path, shared, "", sheets);

    /// <summary>Writes a workbook whose part <c>workbook.xml</c> begins with some XML.</summary>
    public static void Write(string path, string[] shared, string properties, params (string Name, string[][] Rows)[] sheets)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        var types = string.Concat(sheets.Select((_, i) =>
            $"<Override PartName=\"/xl/worksheets/sheet{i + 1}.xml\" " +
            "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"));
        Add("[Content_Types].xml", $"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default " +
            $"Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" " +
            $"ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" " +
            $"ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{types}</Types>");
        Add("_rels/.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship " +
            $"Id=\"r1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        Add("xl/workbook.xml", $"<workbook xmlns=\"{Main}\" " +
            $"xmlns:r=\"{Relations}\">{properties}<sheets>{string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{System.Security.SecurityElement.Escape(sheet.Name)}\" sheetId=\"{i + 1}\" r:id=\"s{i + 1}\"/>"))}</sheets></workbook>");
        Add("xl/_rels/workbook.xml.rels",
            $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"s{i + 1}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>"))}<Relationship Id=\"st\" Type=\"{Relations}/styles\" Target=\"styles.xml\"/><Relationship Id=\"sh\" Type=\"{Relations}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>");
        Add("xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf " +
            "numFmtId=\"22\"/><xf numFmtId=\"20\"/></cellXfs></styleSheet>");
        Add("xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\">{string.Concat(shared.Select(text => $"<si><t>{text}</t></si>"))}</sst>");
        for (var i = 0; i < sheets.Length; i++)
        {
            var rows = string.Concat(sheets[i].Rows.Select((cells, r) => $"<row r=\"{r + 1}\">{string.Concat(cells)}</row>"));
            Add($"xl/worksheets/sheet{i + 1}.xml", $"<worksheet xmlns=\"{Main}\"><sheetData>{rows}</sheetData></worksheet>");
        }

        void Add(string name, string content)
        {
            using var to = archive.CreateEntry(name).Open();
            to.Write(Encoding.UTF8.GetBytes(content));
        }
    }
}
