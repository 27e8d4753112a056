package holt.bus;

final class EmbeddedBusTest extends BusContract {
    @Override
    protected Bus open() {
        return new EmbeddedBus();
    }
}
