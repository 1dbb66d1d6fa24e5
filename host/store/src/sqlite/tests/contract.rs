//! The contract, kept by SQLite.

macro_rules! promises {
    ($($group:ident::$promise:ident),* $(,)?) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $promise() {
            let (store, _folder) = super::fresh();
            crate::contract::$promise(store).await;
        }
    )* };
}

crate::each_promise!(promises);
