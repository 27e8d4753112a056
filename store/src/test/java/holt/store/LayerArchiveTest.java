package holt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ErrorCode;
import holt.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerArchiveTest {
    private static final long ENOUGH = 1 << 20;

    private static byte[] tar(TarArchiveEntry... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (TarArchiveEntry entry : entries) {
                tar.putArchiveEntry(entry);
                tar.write(new byte[(int) entry.getSize()]);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static TarArchiveEntry entry(String path, byte kind) {
        return new TarArchiveEntry(path, kind, true);
    }

    private static List<LayerArchive.Entry> read(byte[] packed) throws IOException {
        List<LayerArchive.Entry> found = new ArrayList<>();
        try (LayerArchive archive = LayerArchive.open(new ByteArrayInputStream(packed), ENOUGH)) {
            for (Optional<LayerArchive.Entry> each = archive.next(); each.isPresent(); each = archive.next()) {
                found.add(each.get());
            }
        }
        return found;
    }

    private static void refused(byte[] packed, String why) {
        assertThatThrownBy(() -> read(packed)).isInstanceOfSatisfying(ProblemException.class, refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(ErrorCode.IMAGE_INVALID);
            assertThat(refusal.problem().text()).contains(why);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"../etc/passwd", "a/../../b", "a/..", "/..", ".."})
    void pathsThatLeaveTheRootAreRefused(String path) throws IOException {
        refused(tar(entry(path, TarConstants.LF_NORMAL)), "cannot be used");
    }

    @Test
    void hardLinksThatLeaveTheRootAreRefused() throws IOException {
        TarArchiveEntry link = entry("a", TarConstants.LF_LINK);
        link.setLinkName("../../etc/shadow");
        refused(tar(link), "cannot be used");
    }

    @Test
    void absolutePathsAndDotsStayBelowTheRoot() throws IOException {
        assertThat(read(tar(entry("/etc/x", TarConstants.LF_NORMAL), entry("./a//b/./c", TarConstants.LF_NORMAL))))
                .extracting(LayerArchive.Entry::path)
                .containsExactly("etc/x", "a/b/c");
    }

    @Test
    void whiteoutsAreToldAsWhatTheyTakeAway() throws IOException {
        List<LayerArchive.Entry> found = read(tar(
                entry("a/.wh.gone", TarConstants.LF_NORMAL),
                entry("b/.wh..wh..opq", TarConstants.LF_NORMAL),
                entry("b/.wh..wh.plnk", TarConstants.LF_NORMAL)));
        assertThat(found)
                .extracting(LayerArchive.Entry::kind, LayerArchive.Entry::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(LayerArchive.Kind.WHITEOUT, "a/gone"),
                        org.assertj.core.groups.Tuple.tuple(LayerArchive.Kind.OPAQUE, "b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh.", ".wh...", "a/.wh.."})
    void whiteoutsOfNothingAreRefused(String path) throws IOException {
        refused(tar(entry(path, TarConstants.LF_NORMAL)), "removes no name");
    }

    @Test
    void devicesAreRefusedButPassedOverBelowDev() throws IOException {
        refused(tar(entry("home/disk", TarConstants.LF_BLK)), "is a device");
        refused(tar(entry("pipe", TarConstants.LF_FIFO)), "is a device");
        assertThat(read(tar(entry("dev/null", TarConstants.LF_CHR)))).isEmpty();
    }

    @Test
    void setuidAndSetgidAreDropped() throws IOException {
        TarArchiveEntry file = entry("su", TarConstants.LF_NORMAL);
        file.setMode(06755);
        assertThat(read(tar(file)).getFirst().mode()).isEqualTo(0755);
    }

    @Test
    void whatUnpacksToTooMuchIsRefusedWhileItIsRead() throws IOException {
        TarArchiveEntry large = entry("zeros", TarConstants.LF_NORMAL);
        large.setSize(4 << 20);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(tar(large));
        }
        assertThat(packed.size()).isLessThan(10_000);
        refused(packed.toByteArray(), "more than is taken");
    }

    @Test
    void whatIsCutOffIsRefused() throws IOException {
        TarArchiveEntry file = entry("file", TarConstants.LF_NORMAL);
        file.setSize(5_000);
        byte[] whole = tar(file);
        assertThatThrownBy(() -> LayerArchive.check(new ByteArrayInputStream(whole, 0, 3_000), ENOUGH))
                .isInstanceOf(Exception.class);
    }

    @Property(tries = 300)
    void anyBytesAreReadOrRefusedWithAReason(@ForAll byte[] bytes) {
        try {
            read(bytes);
        } catch (ProblemException refusal) {
            assertThat(refusal.problem().code()).isEqualTo(ErrorCode.IMAGE_INVALID);
        } catch (IOException broken) {
            assertThat(broken.getMessage()).isNotEmpty();
        }
    }
}
